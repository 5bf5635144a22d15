"""The jobs of payment plans."""

from portal.jobs.registry import Job

PLAN_JOBS: tuple[Job, ...] = ()
