"""The keys of the settings, with which tokens and what people ask to keep are sealed."""

from bot.settings import Settings, SettingsError
from storage.keys import Keys
from storage.vault import Vault, VaultError, open_vault


def vault(settings: Settings) -> Vault:
    """The vault of these settings. Raises SettingsError."""
    try:
        return open_vault(settings.vault_keys)
    except VaultError as error:
        raise SettingsError(str(error)) from None


def persons_keys(settings: Settings) -> Keys:
    """The persons' keys, sealed by the vault where there is one. Raises SettingsError."""
    return Keys(vault(settings) if settings.vault_keys else None)
