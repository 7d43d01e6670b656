package dev.keg.windows.win32;

import dev.keg.windows.win32.Wmi.Answer;
import dev.keg.windows.win32.Wmi.Argument;
import dev.keg.windows.win32.Wmi.Secret;

/**
 * Encrypts volumes and unlocks them. An unlocked volume is locked again when its disk is detached,
 * because Windows keeps the key with the device.
 */
public final class BitLocker {
  /**
   * Encrypts only the used space, which is small in a new volume; the call returns when it is done.
   */
  private static final int ENCRYPTION_FLAGS = 0x00000001 | 0x00010000;

  private static final int PROTECTED = 1;

  private final Dlls dlls;

  public BitLocker(Dlls dlls) {
    this.dlls = dlls;
  }

  /** A second key of a volume, made by Windows: 48 digits. Closing overwrites it. */
  public record RecoveryKey(String id, Secret digits) implements AutoCloseable {
    @Override
    public void close() {
      digits.close();
    }
  }

  /** Encrypts a new volume, which stays unlocked, and returns its recovery key. */
  public RecoveryKey encrypt(VolumeGuidPath volume, char[] phrase) throws Win32Exception {
    Answer _ =
        check("ProtectKeyWithPassphrase", volume, "VolumeKeyProtectorID", passphrase(phrase));
    Secret id = check("ProtectKeyWithNumericalPassword", volume, "VolumeKeyProtectorID").text();
    Secret digits =
        check(
                "GetKeyProtectorNumericalPassword",
                volume,
                "NumericalPassword",
                new Argument.Text("VolumeKeyProtectorID", id))
            .text();
    try {
      Answer _ =
          check("Encrypt", volume, "", new Argument.Flags("EncryptionFlags", ENCRYPTION_FLAGS));
      requireProtected(volume);
      return new RecoveryKey(new String(id.characters()), digits);
    } catch (Win32Exception e) {
      digits.close();
      throw e;
    }
  }

  private static Argument passphrase(char[] phrase) {
    return new Argument.Text("Passphrase", new Secret(phrase));
  }

  private void requireProtected(VolumeGuidPath volume) throws Win32Exception {
    if (!isProtected(volume)) {
      Answer _ = check("EnableKeyProtectors", volume, "");
      if (!isProtected(volume)) {
        throw new Win32Exception("Encrypt", volume.path(), Win32Error.FVE_E_PROTECTION_DISABLED);
      }
    }
  }

  private boolean isProtected(VolumeGuidPath volume) throws Win32Exception {
    return check("GetProtectionStatus", volume, "ProtectionStatus").number() == PROTECTED;
  }

  public void unlock(VolumeGuidPath volume, char[] phrase) throws Win32Exception {
    Answer _ = check("UnlockWithPassphrase", volume, "", passphrase(phrase));
  }

  private Answer check(String method, VolumeGuidPath volume, String wanted, Argument... arguments)
      throws Win32Exception {
    Answer answer = dlls.wmi().call(volume, method, wanted, arguments);
    if (answer.code() != Win32Error.SUCCESS) {
      throw new Win32Exception(method, volume.path(), answer.code());
    }
    return answer;
  }
}
