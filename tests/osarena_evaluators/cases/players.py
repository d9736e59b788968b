"""Cases of playlists and of VLC's files."""

from __future__ import annotations

from tests.support.cases import differs, malformed, reads

XSPF = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<playlist xmlns="http://xspf.org/ns/0/" version="1"><title>x</title><trackList>'
    b"<track><location>file:///home/user/Music/one%20%26%20two.wav</location><title>One</title><duration>10500</duration></track>"
    b"<track><location>http://radio.example/</location><duration>-1</duration></track></trackList></playlist>"
)
ONE = {"location": "/home/user/Music/one & two.wav", "title": "One", "duration_s": 10.5}
M3U = b"#EXTM3U\r\n#EXTINF:10,One\r\nfile:///home/user/Music/one%20%26%20two.wav\r\n\r\nb.ogg\r\n"
INTERFACE = b"""[General]
geometry=@ByteArray(\\x1\\xd9)

[RecentsMRL]
list=file:///home/user/Music/%C5%BC%C3%B3%C5%82w.wav, file:///home/user/a%2C%20b.wav, http://radio.example/
times=0, 12, 0
"""
SETTINGS = b"[qt] # Qt interface\n\n# Ask\nqt-privacy-ask=0\n#loop=0\n[core] # core program\nvolume-step=10\nloop=1\n"

READERS = {
    "playlists.tracks": [
        reads(XSPF, [ONE, {"location": "http://radio.example/", "title": "", "duration_s": None}]),
        reads(M3U, [ONE | {"duration_s": 10}, {"location": "b.ogg", "title": "", "duration_s": None}]),
        reads(
            b"[playlist]\nFile2=b.ogg\nFile1=/a.ogg\nTitle1=A\nLength1=3\nNumberOfEntries=2\n",
            [
                {"location": "/a.ogg", "title": "A", "duration_s": 3},
                {"location": "b.ogg", "title": "", "duration_s": None},
            ],
        ),
        reads("żółw.ogg\n".encode(), [{"location": "żółw.ogg", "title": "", "duration_s": None}]),
        differs(b"", []),
        malformed(b"<x/>", "it is XML, but no playlist: x"),
        malformed(b"<playlist", "is not usable XML"),
        malformed(b"RIFF\x00\x01", "it is no playlist"),
        malformed(b"\xff", "it is not text"),
    ],
    "vlc.settings": [
        reads(SETTINGS, {"qt-privacy-ask": "0", "volume-step": "10", "loop": "1"}),
        differs(b"[core]\n", {}),
        malformed(b"volume-step=10", "it is not a file of keys and values"),
    ],
    "vlc.recent": [
        reads(INTERFACE, ["/home/user/Music/żółw.wav", "/home/user/a, b.wav", "http://radio.example/"]),
        differs(b"[General]\n[RecentsMRL]\nlist=@Invalid()\n", []),
        differs(b"[General]\n", []),
        malformed(b"[core]\nloop=1\n", "it is no file of VLC's interface"),
        malformed(b"x", "it is not a file of keys and values"),
    ],
}
