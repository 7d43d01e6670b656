package dev.keg.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keg.error.RegistryException.FileFailure;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import org.junit.jupiter.api.Test;

class FileFailuresTest {
  private static final Path FILE = Path.of("/keg/keg.json");

  private static FileFailure failure(IOException e) {
    return FileFailures.failure("write", FILE, e);
  }

  @Test
  void a_refusal_with_a_remedy_has_a_hint() {
    assertThat(failure(new AccessDeniedException("/keg")))
        .hasMessage("write: /keg: permission denied")
        .satisfies(
            e -> assertThat(e.hint().orElseThrow()).startsWith("run it as a user who may do that"));
    assertThat(failure(new IOException("No space left on device")))
        .hasMessage("write: /keg/keg.json: no space left on device")
        .satisfies(e -> assertThat(e.hint().orElseThrow()).startsWith("free some space"));
    assertThat(failure(new IOException("Disk quota exceeded")).hint().orElseThrow())
        .startsWith("free some space");
    assertThat(failure(new FileSystemException("/keg", null, "Read-only file system")))
        .hasMessage("write: /keg: read-only file system")
        .satisfies(e -> assertThat(e.hint().orElseThrow()).startsWith("remount it writable"));
  }

  @Test
  void a_read_only_file_system_is_a_failure_too() {
    FileFailure failure =
        catchThrowableOfType(
            FileFailure.class,
            () ->
                FileFailures.run(
                    "write",
                    FILE,
                    () -> {
                      throw new ReadOnlyFileSystemException();
                    }));

    assertThat(failure).hasMessage("write: /keg/keg.json: read-only file system");
    assertThat(failure.hint().orElseThrow()).startsWith("remount it writable");
  }

  @Test
  void an_error_without_words_gets_some() {
    assertThat(failure(new ClosedByInterruptException())).hasMessageEndingWith(": interrupted");
    assertThat(failure(new AsynchronousCloseException()))
        .hasMessageEndingWith(": closed while it was in use");
    assertThat(failure(new EOFException())).hasMessageEndingWith(": unexpected end of file");
  }

  @Test
  void another_refusal_has_no_hint() {
    assertThat(failure(new NoSuchFileException("/keg")).hint()).isEmpty();
    // The message alone is no reason for a hint.
    assertThat(new FileFailure("write", "/keg", "permission denied", null).hint()).isEmpty();
  }
}
