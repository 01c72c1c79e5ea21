"""The sample office in the database: built from the generated plan, and removed again.

What is finished is written straight into the tables (four quarters through every service would take a minute); what is
in work today goes through the services like anybody's work.
"""

from humasflow.setup.sample_office.building import create_sample_office
from humasflow.setup.sample_office.wiping import wipe_sample_office

__all__ = ["create_sample_office", "wipe_sample_office"]
