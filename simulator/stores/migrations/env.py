"""How Alembic reaches the database: the URL is given by `migrate`, never read from a file."""

import sqlalchemy as sa
from alembic import context

from prakerja_sim.simulator.stores.tables import METADATA

# Python's driver begins no transaction for DDL; without one, a start that is killed would leave
# half of the tables behind in a file that no later start could use.
engine = sa.create_engine(
    context.config.attributes["url"], poolclass=sa.NullPool, connect_args={"isolation_level": None}
)
sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
