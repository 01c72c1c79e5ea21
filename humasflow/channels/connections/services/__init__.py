"""What is done with connections: made, tested, renewed, ended; and what adapters are given of them."""
