"""PostgreSQL gathers statistics of a table once fifty rows have changed; there may never be so many calls. Without them
it takes lists for a hundred times shorter than they are, and sorts all of what it could have read in order.
"""

from django.db import migrations

FORWARD = """
ALTER TABLE grants_call SET (autovacuum_analyze_threshold = 1, autovacuum_analyze_scale_factor = 0.1);
"""
BACKWARD = """
ALTER TABLE grants_call RESET (autovacuum_analyze_threshold, autovacuum_analyze_scale_factor);
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0004_indexes_of_lists")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
