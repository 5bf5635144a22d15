"""The least a page with a grid can be: 100 rows in AG Grid, nothing around them."""

import pandas as pd
from st_aggrid import AgGrid

AgGrid(
    pd.DataFrame(
        [
            {
                "invoice": f"INV-{place:06}",
                "client": f"Client {place % 37}",
                "date": f"2026-01-{place % 28 + 1:02}",
                "amount": place * 137.25,
                "outstanding": place * 37.5,
            }
            for place in range(100)
        ]
    ),
    key="bare",
    height=600,
)
