<?php // Sets up an empty site and its people without wp-cli, or empties the one that is there. Prints JSON.
$_SERVER += ['HTTP_HOST' => parse_url(getenv('WP_URL'), PHP_URL_HOST) . ':' . parse_url(getenv('WP_URL'), PHP_URL_PORT),
    'SERVER_NAME' => '127.0.0.1', 'REQUEST_URI' => '/', 'REQUEST_METHOD' => 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REMOTE_ADDR' => '127.0.0.1'];
define('WP_INSTALLING', true);
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
if (!is_blog_installed()) {
    wp_install('Portal Humas', 'admin', 'admin@example.test', true, '', wp_generate_password());
    update_option('timezone_string', 'Asia/Makassar');
    update_option('permalink_structure', '/%year%/%monthnum%/%postname%/');
    global $wp_rewrite;
    $wp_rewrite->init();
    $wp_rewrite->flush_rules(false);
}
global $wpdb, $wp_version;
foreach (['posts', 'postmeta', 'comments', 'commentmeta', 'term_relationships'] as $table) $wpdb->query("TRUNCATE {$wpdb->$table}");
$wpdb->query("DELETE t, x FROM {$wpdb->terms} t JOIN {$wpdb->term_taxonomy} x USING (term_id) WHERE t.term_id > 1");
update_option('wp_page_for_privacy_policy', 0); // otherwise the third thing that is made belongs to the administrator
wp_cache_flush();
$people = [];
foreach (['editor', 'author', 'contributor', 'subscriber'] as $role) {
    $id = username_exists($role) ?: wp_insert_user(['user_login' => $role, 'user_pass' => wp_generate_password(), 'user_email' => "$role@example.test", 'role' => $role]);
    WP_Application_Passwords::delete_all_application_passwords($id);
    [$password, $item] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'humasflow']);
    $people[$role] = ['name' => $role, 'password' => WP_Application_Passwords::chunk_password($password), 'uuid' => $item['uuid']];
}
echo json_encode(['version' => $wp_version, 'people' => $people]), "\n";
