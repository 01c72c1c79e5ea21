"""Places that take a film, as their own pages describe them: what they are given stays there, and is checked.

Each is a way out for an adapter (channels/adapters/http.py). Nobody else's program: they keep to the platforms' written
rules, and a rule that nobody wrote down is not in them.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from humasflow.channels.adapters.http import AnswerLost, HttpAnswer, NotReached
from humasflow.core import clock
from humasflow.core.db import db
from tests.support.contract import Contract, parts_of
from tests.support.scripted import answer

MIB = 1024 * 1024


@dataclass
class Site:
    """A platform. ``faults``: what happens to the next requests that are a film on its way (``is_upload``)."""

    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __call__(
        self,
        method: str,
        url: str,
        *,
        headers: Any = None,
        content: Any = None,
        timeout: float | None = None,
        max_bytes: int = 0,
    ) -> HttpAnswer:
        assert not db.session().in_transaction(), "a channel is asked while a transaction is open"
        body = content if isinstance(content, bytes) else b"".join(content or ())
        self.asked.append(f"{method} {urlsplit(url).path}")
        fault = self.faults.pop(0) if self.faults and self.is_upload(method, url) else ""
        if fault == "never left":
            raise NotReached("unreachable")
        if fault == "down":
            return answer("", 503)
        told = self.answer(method, url, dict(headers or {}), body)
        if fault == "answer lost":
            raise AnswerLost("too_slow")
        return told

    def is_upload(self, method: str, url: str) -> bool:
        return method == "PUT"

    def answer(self, method: str, url: str, headers: dict[str, str], body: bytes) -> HttpAnswer:
        raise NotImplementedError

    def count(self, request: str) -> int:
        """How often it was asked that: method and the beginning of a path."""
        return sum(one.startswith(request) for one in self.asked)


@dataclass
class TikTok(Site):
    """The Content Posting API: a publication has its name before its bytes, is looked at when it is whole, and has a
    public number some questions later. ``verdict``: what comes of the look.
    """

    verdict: str = "PUBLISH_COMPLETE"
    levels: tuple[str, ...] = ("PUBLIC_TO_EVERYONE", "SELF_ONLY")
    publications: dict[str, dict[str, Any]] = field(default_factory=dict)

    def public(self) -> list[str]:
        """Digests of the films that anybody can see."""
        whole = [one for one in self.publications.values() if len(one["got"]) == one["size"]]
        return [hashlib.sha256(one["got"]).hexdigest() for one in whole if self.verdict == "PUBLISH_COMPLETE"]

    def answer(self, method: str, url: str, headers: dict[str, str], body: bytes) -> HttpAnswer:
        path = urlsplit(url).path
        if method == "PUT":
            assert "Authorization" not in headers, "the address lets in by itself"
            return self._piece(dict(parse_qsl(urlsplit(url).query))["upload_id"], headers, body)
        assert headers["Authorization"].startswith("Bearer "), path
        asked = json.loads(body) if body else {}
        if path == "/v2/post/publish/creator_info/query/":
            return _ok(
                creator_username="kantor", creator_nickname="Kantor", privacy_level_options=list(self.levels),
                comment_disabled=False, duet_disabled=False, stitch_disabled=False, max_video_post_duration_sec=600,
            )  # fmt: skip
        if path == "/v2/post/publish/video/init/":
            return self._open(asked)
        if path == "/v2/post/publish/status/fetch/":
            return self._status(asked["publish_id"])
        assert path == "/v2/video/query/", path
        return _ok(videos=[{"id": one, "view_count": 7} for one in asked["filters"]["video_ids"]])

    def _open(self, asked: dict[str, Any]) -> HttpAnswer:
        source = asked["source_info"]
        size, piece, count = source["video_size"], source["chunk_size"], source["total_chunk_count"]
        assert asked["post_info"]["privacy_level"] in self.levels
        # https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide: 5 to 64 MB, the last up to 128.
        assert count == max(1, size // piece) and (piece == size or 5_000_000 <= piece <= 64_000_000)
        name = f"v_pub_file~{len(self.publications) + 1}"
        self.publications[name] = {
            "size": size, "got": b"", "looks": 0, "title": asked["post_info"]["title"],
        }  # fmt: skip
        return _ok(publish_id=name, upload_url=f"https://open-upload.tiktokapis.com/video/?upload_id={name}")

    def _piece(self, name: str, headers: dict[str, str], body: bytes) -> HttpAnswer:
        found = self.publications[name]
        told = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", headers["Content-Range"])
        assert told is not None and int(headers["Content-Length"]) == len(body)
        first, last, size = map(int, told.groups())
        assert last - first + 1 == len(body) and size == found["size"]
        if first != len(found["got"]):
            return answer("", 416)
        found["got"] += body
        return answer("", 201 if len(found["got"]) == size else 206)

    def _status(self, name: str) -> HttpAnswer:
        found = self.publications[name]
        if len(found["got"]) < found["size"]:
            return _ok(status="PROCESSING_UPLOAD", uploaded_bytes=len(found["got"]))
        found["looks"] += 1
        if found["looks"] == 1:
            return _ok(status="PROCESSING_UPLOAD", uploaded_bytes=found["size"])
        if self.verdict != "PUBLISH_COMPLETE":
            return _ok(status="FAILED", fail_reason=self.verdict)
        number = [7_301_000_000_000_000_000 + int(name.rpartition("~")[2])] if found["looks"] > 2 else []
        return _ok(status="PUBLISH_COMPLETE", publicaly_available_post_id=number)


def _ok(**data: Any) -> HttpAnswer:
    return answer({"data": data, "error": {"code": "ok", "message": "", "log_id": "x"}})


@dataclass
class YouTube(Site):
    """The resumable upload of videos.insert; what is asked is held against Google's own description."""

    privacy: str = "public"
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    contract: Contract = field(default_factory=lambda: Contract("youtube"))

    def public(self) -> list[str]:
        """Digests of the films that anybody can see."""
        whole = [one for one in self.sessions.values() if len(one["got"]) == one["size"]]
        return [hashlib.sha256(one["got"]).hexdigest() for one in whole if self.privacy == "public"]

    def answer(self, method: str, url: str, headers: dict[str, str], body: bytes) -> HttpAnswer:
        assert headers["Authorization"].startswith("Bearer ")
        split = urlsplit(url)
        if method == "POST":
            insert = self.contract.all["methods"]["videos.insert"]
            assert url.startswith(self.contract.all["baseUrl"].rstrip("/") + insert["upload"] + "?")
            resource = json.loads(body)
            assert self.contract.faults("Video", resource) == []
            name = f"s{len(self.sessions) + 1}"
            size = int(headers["X-Upload-Content-Length"])
            self.sessions[name] = {"size": size, "got": b"", "resource": resource}
            return answer("", 200, location=f"{url}&upload_id={name}")
        assert method == "PUT" and len(body) == int(headers["Content-Length"])
        session = self.sessions[dict(parse_qsl(split.query))["upload_id"]]
        told = re.fullmatch(r"bytes (?:\*|(\d+)-(\d+))/(\d+)", headers["Content-Range"])
        assert told is not None and int(told[3]) == session["size"]
        if told[1] is not None:
            first, last = int(told[1]), int(told[2])
            assert first == len(session["got"]) and last - first + 1 == len(body) > 0
            assert len(body) % (256 * 1024) == 0 or last == session["size"] - 1
            session["got"] += body
        if len(session["got"]) < session["size"]:
            got = {"range": f"bytes=0-{len(session['got']) - 1}"} if session["got"] else {}
            return answer("", 308, **got)
        return answer({
            "id": f"video-{list(self.sessions.values()).index(session) + 1}", "snippet": session["resource"]["snippet"],
            "status": {"privacyStatus": self.privacy, "uploadStatus": "uploaded"},
        })  # fmt: skip


@dataclass
class Telegram(Site):
    """The Bot API's sendVideo; one channel."""

    films: list[bytes] = field(default_factory=list)
    contract: Contract = field(default_factory=lambda: Contract("telegram"))

    def public(self) -> list[str]:
        """Digests of the films that anybody can see."""
        return [hashlib.sha256(one).hexdigest() for one in self.films]

    def is_upload(self, method: str, url: str) -> bool:
        return url.endswith("/sendVideo")

    def answer(self, method: str, url: str, headers: dict[str, str], body: bytes) -> HttpAnswer:
        assert urlsplit(url).path.endswith("/sendVideo")
        parts = parts_of(body, headers["Content-Type"])
        self.films.append(parts["video"][2])
        number = len(self.films)
        return answer(
            {
                "ok": True,
                "result": {"message_id": number, "date": 1, "chat": {"id": -1001, "type": "channel"}},
            }
        )


@dataclass
class Facebook(Site):
    """A Page's videos: a session with its number, parts in order, "finish", and then Facebook makes the video."""

    videos: dict[str, dict[str, Any]] = field(default_factory=dict)

    def public(self) -> list[str]:
        """Digests of the films that anybody can see."""
        return [hashlib.sha256(one["got"]).hexdigest() for one in self.videos.values() if one["looks"] > 1]

    def is_upload(self, method: str, url: str) -> bool:
        return method == "POST"

    def answer(self, method: str, url: str, headers: dict[str, str], body: bytes) -> HttpAnswer:
        name = urlsplit(url).path.rpartition("/")[2]
        if method == "GET":
            found = self.videos[name]
            found["looks"] += found["is_finished"]
            is_made = found["looks"] > 1
            state = "ready" if is_made else "processing" if found["is_finished"] else "uploading"
            return answer({
                "id": name, "published": is_made, "permalink_url": f"/kantor/videos/{name}/",
                "status": {"video_status": state},
            })  # fmt: skip
        assert url.startswith("https://graph-video.facebook.com/") and name == "videos"
        if headers["Content-Type"].startswith("multipart/"):
            parts = parts_of(body, headers["Content-Type"])
            return self._transfer({key: part[2] for key, part in parts.items()})
        asked = dict(parse_qsl(body.decode()))
        if asked["upload_phase"] == "start":
            made = str(900 + len(self.videos))
            self.videos[made] = {
                "size": int(asked["file_size"]),
                "got": b"",
                "is_finished": False,
                "looks": 0,
            }
            return answer({"video_id": made, "upload_session_id": made, **self._wanted(made)})
        assert asked["upload_phase"] == "finish"
        found = self.videos[asked["upload_session_id"]]
        assert len(found["got"]) == found["size"]
        found["is_finished"] = True
        return answer({"success": True})

    def _transfer(self, asked: dict[str, bytes]) -> HttpAnswer:
        name = asked["upload_session_id"].decode()
        found = self.videos[name]
        if int(asked["start_offset"]) != len(found["got"]):
            # https://github.com/facebook/facebook-python-business-sdk: video_uploader.py goes on from these.
            error = {
                "code": 6000,
                "error_subcode": 1363037,
                "message": "offset",
                "error_data": self._wanted(name),
            }
            return answer({"error": error}, 400)
        found["got"] += asked["video_file_chunk"]
        return answer(self._wanted(name))

    def _wanted(self, name: str) -> dict[str, str]:
        found = self.videos[name]
        return {"start_offset": str(len(found["got"])), "end_offset": str(found["size"])}


@dataclass
class Instagram(Site):
    """Reels: a container of what is fetched from our address, which is published at most once."""

    fetch: Callable[[str], bytes] = lambda url: b""
    containers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def public(self) -> list[str]:
        """Digests of the films that anybody can see."""
        return [hashlib.sha256(one["film"]).hexdigest() for one in self.containers.values() if one["post"]]

    def is_upload(self, method: str, url: str) -> bool:
        return method == "POST"

    def answer(self, method: str, url: str, headers: dict[str, str], body: bytes) -> HttpAnswer:
        split = urlsplit(url)
        path, asked = split.path.split("/", 2)[2], dict(parse_qsl(body.decode()))
        if (method, path) == ("POST", "178/media"):
            assert asked["media_type"] == "REELS"
            name = f"c{len(self.containers) + 1}"
            film = self.fetch(asked["video_url"])
            self.containers[name] = {"film": film, "caption": asked["caption"], "post": "", "looks": 0}
            return answer({"id": name})
        if (method, path) == ("POST", "178/media_publish"):
            found = self.containers[asked["creation_id"]]
            assert not found["post"], "published twice"
            found["post"] = f"p-{asked['creation_id']}"
            return answer({"id": found["post"]})
        if (method, path) == ("GET", "178/media"):
            posts = [one for one in self.containers.values() if one["post"]]
            return answer({"data": [self._shown(one) for one in posts]})
        if path in self.containers:
            found = self.containers[path]
            found["looks"] += 1
            state = "PUBLISHED" if found["post"] else "FINISHED" if found["looks"] > 1 else "IN_PROGRESS"
            return answer({"id": path, "status_code": state, "status": ""})
        return answer(self._shown(next(one for one in self.containers.values() if one["post"] == path)))

    @staticmethod
    def _shown(found: dict[str, Any]) -> dict[str, str]:
        return {
            "id": found["post"], "caption": found["caption"], "timestamp": clock.now().isoformat(),
            "permalink": f"https://www.instagram.com/reel/{found['post']}/",
        }  # fmt: skip


@dataclass
class X(Site):
    """Media in segments, processed, and then one post with it."""

    media: dict[str, dict[str, Any]] = field(default_factory=dict)
    posts: list[dict[str, Any]] = field(default_factory=list)

    def public(self) -> list[str]:
        """Digests of the films that anybody can see."""
        named = [name for post in self.posts for name in post["media"]["media_ids"]]
        return [hashlib.sha256(b"".join(self.media[name]["got"].values())).hexdigest() for name in named]

    def is_upload(self, method: str, url: str) -> bool:
        return method == "POST" and urlsplit(url).path.endswith("/append")

    def answer(self, method: str, url: str, headers: dict[str, str], body: bytes) -> HttpAnswer:
        path = urlsplit(url).path
        if path == "/2/media/upload/initialize":
            asked = json.loads(body)
            name = str(70 + len(self.media))
            self.media[name] = {"size": asked["total_bytes"], "got": {}, "looks": 0}
            return answer({"data": {"id": name, "media_key": f"13_{name}", "expires_after_secs": 86400}})
        if path == "/2/tweets":
            self.posts.append(json.loads(body))
            return answer({"data": {"id": str(1880 + len(self.posts)), "text": self.posts[-1]["text"]}}, 201)
        if path == "/2/media/upload":
            found = self.media[dict(parse_qsl(urlsplit(url).query))["media_id"]]
            found["looks"] += 1
            return self._processed(found)
        name, act = path.split("/")[4:6]
        found = self.media[name]
        if act == "append":
            parts = parts_of(body, headers["Content-Type"])
            found["got"][int(parts["segment_index"][2])] = parts["media"][2]
            return answer({"data": {}})
        assert act == "finalize" and sum(map(len, found["got"].values())) == found["size"]
        return self._processed(found)

    def _processed(self, found: dict[str, Any]) -> HttpAnswer:
        (name,) = [name for name, one in self.media.items() if one is found]
        state = "succeeded" if found["looks"] > 1 else "in_progress"
        return answer({"data": {"id": name, "processing_info": {"state": state, "check_after_secs": 3}}})
