-- What:    The work a client has engaged the firm for.
-- Grain:   one row per engagement.
-- Units:   changed_at is UTC.
-- Source:  Engagement
select
    engagement.engagement_KEY as engagement_id,
    engagement.client_KEY as client_id,
    engagement.engagement_name as engagement_name,
    engagement.engagement_status as engagement_status,
    engagement.update_date_utc::timestamp as changed_at
from pms.Engagement as engagement
