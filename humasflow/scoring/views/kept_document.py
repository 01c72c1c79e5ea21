"""The file that came with a form, or with its refused first try. It is kept even if the form is not."""

from flask import request
from flask_login import current_user

from humasflow.core import unit_of_work
from humasflow.media.models import Asset
from humasflow.media.services import uploads_from
from humasflow.scoring.services.documents import WrongDocument, document_of, keep_document


class KeptDocument:
    """``asset``: the file, if any; ``error``: why the one that was sent was not taken."""

    def __init__(self, office_id: int, *, present: int | None = None) -> None:
        """``present``: the file that the thing has already; it stays unless another one comes."""
        self.error = ""
        self.asset: Asset | None = None
        uploads = uploads_from(request.files.getlist("file"))
        if uploads:
            try:
                self.asset = keep_document(uploads[0], office_id=office_id, actor=current_user)
            except WrongDocument as refused:
                self.error = refused.message  # what was there before stays, and is said so
            else:
                unit_of_work.keep()  # a form that is refused for another reason does not lose it
                return
        if request.form.get("drop_file") and not self.error:
            return  # the wrong letter, say; what was recorded with it keeps it
        sent = request.form.get("kept_file", "")
        kept = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 18 else None
        found = document_of(kept, office_id=office_id)
        # Only one's own file, or the one that is there already: a number in a form opens nothing else.
        if found is not None and (found.uploaded_by == current_user.id or found.id == present):
            self.asset = found

    @property
    def id(self) -> int | None:
        """Of the file."""
        return None if self.asset is None else self.asset.id
