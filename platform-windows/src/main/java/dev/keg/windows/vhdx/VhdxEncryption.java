package dev.keg.windows.vhdx;

import dev.keg.driver.DriverOptions;
import dev.keg.driver.Secrets;
import dev.keg.volume.VolumeHome;
import dev.keg.windows.driver.DiskPassPhrase;
import dev.keg.windows.driver.EncryptionOptions;
import dev.keg.windows.driver.OptionString;
import dev.keg.windows.driver.RecoveryKeys;
import dev.keg.windows.driver.WindowsOperation;
import dev.keg.windows.win32.BitLocker.RecoveryKey;
import dev.keg.windows.win32.VolumeGuidPath;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Encrypts the volumes of disks and unlocks them. */
final class VhdxEncryption {
  /** Names the file with the recovery key until the volume is published. */
  private static final String RECOVERY = "recovery.path";

  private final Windows windows;
  private final WindowsOperation operation;
  private final DriverOptions options;
  private final Secrets secrets;

  VhdxEncryption(Windows windows, String operation, DriverOptions given, Secrets secrets) {
    this.windows = windows;
    this.operation = new WindowsOperation(operation, given.volume());
    this.options = OptionString.spread(given, VhdxOptions.KNOWN);
    this.secrets = secrets;
  }

  private DiskPassPhrase passPhrase() {
    return new DiskPassPhrase(operation, EncryptionOptions.keyFile(options), secrets);
  }

  void encrypt(VolumeGuidPath volume, VolumeHome home) throws Win32Exception, IOException {
    RecoveryKeys keys = new RecoveryKeys(windows, operation, EncryptionOptions.recovery(options));
    try (RecoveryKey made =
        passPhrase().use(phrase -> windows.bitLocker().encrypt(volume, phrase))) {
      keys.keep(made, secrets, home.file(RECOVERY));
    }
  }

  void unlock(VolumeGuidPath volume) throws Win32Exception, IOException {
    boolean _ =
        passPhrase()
            .use(
                phrase -> {
                  windows.bitLocker().unlock(volume, phrase);
                  return true;
                });
  }

  /** Deletes the recovery key of a volume that was not published. */
  static void takeBack(VolumeHome home) throws IOException {
    Path named = home.file(RECOVERY);
    if (Files.exists(named)) {
      Files.deleteIfExists(home.path().getFileSystem().getPath(Files.readString(named)));
    }
  }
}
