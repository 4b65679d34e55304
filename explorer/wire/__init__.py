"""Bytes on sockets: the only room that imports httpx, httpcore, h11 or socket."""
