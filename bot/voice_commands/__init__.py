"""The commands for the voice: `hocso speak`, and `hocso voice` with those below it."""

import typer

from bot.voice_commands.kit import make_album, take_recordings, write_script
from bot.voice_commands.speak import sample, speak, status
from bot.voice_commands.withdraw import withdraw

__all__ = ["speak", "voice_app"]

voice_app = typer.Typer(no_args_is_help=True, help="What can be heard, lessons as sound files, people's recordings.")
voice_app.command()(status)
voice_app.command()(sample)
voice_app.command("album")(make_album)
voice_app.command("script")(write_script)
voice_app.command("import")(take_recordings)
voice_app.command()(withdraw)
