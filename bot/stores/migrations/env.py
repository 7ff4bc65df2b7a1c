"""What Alembic runs: it brings the connection it is given up to date, in one transaction."""

from alembic import context as alembic

from bot.stores.tables import metadata

alembic.configure(connection=alembic.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with alembic.begin_transaction():
    alembic.run_migrations()
