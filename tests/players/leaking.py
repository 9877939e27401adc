"""Lets a text of its own out with a leak, and says where it is by now."""

from bot.proof.canary import family


async def let_out(stage, leak):
    """A text of its own through the vent, with this leak."""
    kin = family()
    await stage.process.tell(leak)
    player = stage.players["playground"]
    await player.open("vent")
    await player.fill(box=kin.text())
    await stage.metrics()
    await stage.process.tell("mended")
    return kin.search()


async def places(stage, rows, search):
    """Where it is by now: what goes out by itself takes a moment."""
    held = await rows()
    tables = [f"table {name}" for name in held if search.within(b"\n".join(held[name]))]
    return [*stage.found(search), *tables]
