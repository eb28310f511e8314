"""Pages of vetting: the applicant's applications, the association's queue and cases."""
