"""What later stages may listen to. All are sent inside the transaction of the change.

application_submitted: application, actor
application_moved: application, event (the ApplicationEvent with from_status and to_status)
application_answered: application, actor (a request for information was answered)
person_recused: application (locked), person, actor (a conflict of interest was recorded; sent once a pair)
applications_merged: applications (their keys), gone, kept (organisations; sent before the key of `gone` is destroyed,
so that whoever sealed something under it can seal it anew)
application_anonymised: application (locked; what the grants app keeps of it is gone already)
application_changed: application, actor (answers, budget, details or files of a submitted application changed)
"""

from django.dispatch import Signal

application_submitted = Signal()
application_moved = Signal()
application_answered = Signal()
application_changed = Signal()
applications_merged = Signal()
person_recused = Signal()
application_anonymised = Signal()
