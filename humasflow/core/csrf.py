"""Protection of forms against requests made by other sites: on for every POST, unless a view says why not.

A view that keeps no session and changes nothing for a person may be exempted with ``@csrf.exempt``; it then has to
check by itself where the request comes from.
"""

from flask_wtf import CSRFProtect

csrf = CSRFProtect()
