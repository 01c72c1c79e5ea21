"""The number of a civil servant, beside a person's name."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Empty for everybody there is: nobody's number is known yet.
    op.add_column("app_user", sa.Column("nip", sa.String(length=18), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("app_user", "nip")
