package dev.keg.windows.driver;

import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.windows.win32.BitLocker.RecoveryKey;
import dev.keg.windows.win32.Win32Exception;
import dev.keg.windows.win32.Windows;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * Saves recovery keys, each in a file with its id in the name, or shows them once. A key that can
 * be neither saved nor shown is a failure, since nobody could retrieve it later.
 */
public record RecoveryKeys(Windows windows, WindowsOperation operation, Optional<Path> directory) {
  /**
   * Saves or shows the key; after a failure, there is no file.
   *
   * @param note receives the path of the file. It never names a file that existed before, since
   *     deleting that would delete another volume's key.
   */
  public void keep(RecoveryKey key, Secrets secrets, Path note) throws Win32Exception, IOException {
    if (directory.isPresent()) {
      save(directory.get().resolve(fileName(key)), key, note);
    } else if (!secrets.show(
        "Recovery key of volume %s: ".formatted(operation.volume()), key.digits().characters())) {
      throw new DriverFailed(
          operation.name(),
          operation.volume().text(),
          "there is no terminal that could show its recovery key",
          "name a directory for it: -o recovery=DIRECTORY",
          null);
    }
  }

  private static String fileName(RecoveryKey key) {
    return "keg-%s.txt".formatted(key.id().replaceAll("[{}]", ""));
  }

  private void save(Path file, RecoveryKey key, Path note) throws Win32Exception, IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      Files.writeString(note, file.toString());
      windows.security().restrict(file);
      write(channel, key);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (Win32Exception | IOException e) {
      deleteAfter(e, file);
      throw e;
    }
  }

  private void write(FileChannel channel, RecoveryKey key) throws IOException {
    String before =
        "BitLocker recovery key of volume %s%nIdentifier: %s%nRecovery key: "
            .formatted(operation.volume(), key.id());
    char[] digits = key.digits().characters();
    ByteBuffer text = ByteBuffer.allocate(before.length() + digits.length + 2);
    text.put(before.getBytes(StandardCharsets.US_ASCII));
    for (char digit : digits) {
      text.put((byte) digit);
    }
    text.put(System.lineSeparator().getBytes(StandardCharsets.US_ASCII)).flip();
    try {
      while (text.hasRemaining()) {
        int _ = channel.write(text);
      }
      channel.force(true);
    } finally {
      Arrays.fill(text.array(), (byte) 0);
    }
  }

  private static void deleteAfter(Exception cause, Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
