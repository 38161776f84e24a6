"""How Alembic reaches the database: the URL is given by `migrate`, never read from a file."""

import sqlalchemy as sa
from alembic import context

from simulator.keepers.tables import METADATA

engine = sa.create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=sa.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
