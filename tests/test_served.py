"""The server the browser tests drive."""

import socket
import threading
from urllib.request import urlopen

from flask import Flask

from tests.support.served import serve_on_loopback


def test_a_connection_opened_ahead_of_need_holds_no_answer() -> None:
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: "ada")
    http = serve_on_loopback(app)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        with (
            socket.create_connection(("127.0.0.1", http.server_port)),
            urlopen(f"http://127.0.0.1:{http.server_port}/", timeout=5) as answer,
        ):
            assert answer.read() == b"ada"
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
