package dev.keg.windows.temp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverContract;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.FakeWorld;
import dev.keg.driver.Faults;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.windows.win32.FakeWindows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TempDriverTest extends DriverContract {
  private FakeWindows windows;
  private Path temp;

  @BeforeEach
  void windows(@TempDir Path contents, @TempDir Path temp) {
    this.windows = new FakeWindows(contents);
    this.temp = temp;
  }

  @Override
  protected DriverFactory factory() {
    return TempDriver.factory(() -> windows);
  }

  /** The files below %TEMP% are outside too. */
  @Override
  protected FakeWorld world() {
    return new FakeWorld() {
      @Override
      public SortedSet<String> standing() {
        SortedSet<String> standing = windows.standing();
        try (Stream<Path> files = Files.list(temp)) {
          files.forEach(file -> standing.add(file.toString()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return standing;
      }

      @Override
      public Faults faults() {
        return windows.faults();
      }
    };
  }

  @Override
  protected Map<String, String> environment() {
    return Map.of("TEMP", temp.toString());
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("size", "64m");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of("size", "1k", "fs", "ntfs");
  }

  @Test
  void it_is_empty_at_each_mount() throws IOException {
    Subject scratch = create("scratch");
    Files.writeString(mount(scratch).resolve("left"), "over");
    unmount(scratch);

    assertThat(mount(scratch)).isEmptyDirectory();
    unmount(scratch);
  }

  @Test
  void it_is_empty_after_a_restart() throws IOException {
    Subject scratch = create("scratch");
    Files.writeString(mount(scratch).resolve("left"), "over");
    windows.reboot();

    assertThat(mount(scratch)).isEmptyDirectory();
    unmount(scratch);
    assertThat(world().standing()).isEmpty();
  }

  @Test
  void a_second_mount_keeps_what_is_there() throws IOException {
    Subject scratch = create("scratch");
    Files.writeString(mount(scratch).resolve("work"), "in progress");

    assertThat(mount(scratch).resolve("work")).hasContent("in progress");
    unmount(scratch);
  }

  @Test
  void without_a_temporary_directory_it_says_so() throws IOException {
    Subject scratch = create("scratch");
    var driver = factory().open(new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));

    assertThatThrownBy(() -> driver.unmount(scratch.volume(), scratch.home()))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("unmount scratch: the environment variable TEMP is not set");
  }
}
