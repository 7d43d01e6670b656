package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system's messages, by which Keg recognizes a full or a broken disk. */
@Tag("native")
class SystemMessagesIT {
  @TempDir Path root;

  @Test
  void a_full_disk_is_recognized_whatever_the_language_of_the_system() throws Exception {
    assumeTrue(
        Files.exists(Path.of("/usr/share/locale/de/LC_MESSAGES/libc.mo")),
        "the C library has no German messages");
    var german = Map.of("LANGUAGE", "de", "KEG_ROOT", root.toString());
    assertThat(BuiltProgram.run(german, "create", "db").exit()).isZero();

    Outcome full = BuiltProgram.run(german, "export", "db", "-o", "/dev/full");

    assertThat(full.errors())
        .isEqualTo(
            """
            Error: write: /dev/full: no space left on device
            Hint: free some space and run it again; nothing was changed
            """);
  }
}
