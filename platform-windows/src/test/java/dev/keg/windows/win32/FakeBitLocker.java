package dev.keg.windows.win32;

import java.util.Optional;

/** Encrypted volumes; see {@link FakeWindows}. */
final class FakeBitLocker implements Wmi {
  static final String RECOVERY_KEY = "111111-222222-333333-444444-555555-666666-777777-888888";

  private final FakeWindows windows;

  FakeBitLocker(FakeWindows windows) {
    this.windows = windows;
  }

  /** The pass phrase is not recorded. */
  @Override
  public Answer call(VolumeGuidPath volume, String method, String wanted, Argument... arguments)
      throws Win32Exception {
    if (windows.fails("Win32_EncryptableVolume." + method)) {
      return new Answer(0x8031FFFF, 0);
    }
    if (!windows.hasBitLocker) {
      throw new Win32Exception("ConnectServer", volume.path(), Win32Error.WBEM_E_INVALID_NAMESPACE);
    }
    Optional<FakeVolume> found =
        windows.withVolume(volume.path()).map(FakeDevices.OpenVolume::volume);
    if (found.isEmpty() || found.get().fileSystem.equals(FakeVolume.RAW)) {
      throw new Win32Exception(method, volume.path(), Win32Error.WBEM_E_NOT_FOUND);
    }
    return answer(found.get(), method, arguments);
  }

  private Answer answer(FakeVolume volume, String method, Argument... arguments) {
    return switch (method) {
      case "ProtectKeyWithPassphrase" -> protect(volume, text(arguments, "Passphrase"));
      case "ProtectKeyWithNumericalPassword" -> {
        windows.protectorId.ifPresent(id -> volume.protectorId = id);
        yield text(volume.protectorId);
      }
      case "GetKeyProtectorNumericalPassword" ->
          text(arguments, "VolumeKeyProtectorID").equals(volume.protectorId)
              ? text(RECOVERY_KEY)
              : new Answer(Win32Error.FVE_E_PROTECTOR_NOT_FOUND, 0);
      case "Encrypt" -> {
        volume.encrypted = true;
        yield number(((Argument.Flags) arguments[0]).value() == 0x10001 ? 0 : -1);
      }
      case "EnableKeyProtectors" -> {
        volume.protectors = true;
        yield number(0);
      }
      case "GetProtectionStatus" -> number(volume.encrypted && volume.protectors ? 1 : 0);
      case "UnlockWithPassphrase" -> unlock(volume, text(arguments, "Passphrase"));
      default -> throw new AssertionError(method);
    };
  }

  private static Answer protect(FakeVolume volume, String phrase) {
    if (phrase.length() < 8) {
      return new Answer(Win32Error.FVE_E_POLICY_INVALID_PASSPHRASE_LENGTH, 0);
    }
    volume.phrase = phrase;
    return text("{0}");
  }

  private static Answer unlock(FakeVolume volume, String phrase) {
    if (!phrase.equals(volume.phrase)) {
      return new Answer(Win32Error.FVE_E_FAILED_AUTHENTICATION, 0);
    }
    volume.locked = false;
    return number(0);
  }

  private static String text(Argument[] arguments, String name) {
    Argument.Text text = (Argument.Text) arguments[0];
    if (!text.name().equals(name)) {
      throw new AssertionError(text.name());
    }
    return new String(text.value().characters());
  }

  private static Answer text(String text) {
    return new Answer(Win32Error.SUCCESS, 0, new Secret(text.toCharArray()));
  }

  private static Answer number(int number) {
    return new Answer(number < 0 ? number : Win32Error.SUCCESS, number);
  }
}
