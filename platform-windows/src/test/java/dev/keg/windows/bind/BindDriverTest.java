package dev.keg.windows.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.DriverContract;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.FakeWorld;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.InvalidInput.InvalidOption;
import dev.keg.windows.win32.FakeWindows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BindDriverTest extends DriverContract {
  private FakeWindows windows;
  private Path source;

  @BeforeEach
  void source(@TempDir Path source) {
    this.source = source;
    this.windows = new FakeWindows(source);
  }

  @Override
  protected DriverFactory factory() {
    return BindDriver.factory();
  }

  /** Nothing outside is changed. */
  @Override
  protected FakeWorld world() {
    return windows;
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("source", source.toString());
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of("source", "relative", "create", "perhaps", "ro", "true");
  }

  @Test
  void its_data_is_the_directory_itself_and_outlives_the_volume() throws IOException {
    Files.writeString(source.resolve("file"), "mine");
    Subject db = create("db");

    assertThat(mount(db)).isEqualTo(source);
    unmount(db);
    remove(db);

    assertThat(source.resolve("file")).hasContent("mine");
  }

  @Test
  void a_missing_directory_is_made_only_if_asked_for() throws IOException {
    Path missing = source.resolve("a").resolve("b");
    assertThatThrownBy(() -> create("no", Map.of("source", missing.toString())))
        .isInstanceOf(InvalidOption.class);

    Subject db = create("db", Map.of("source", missing.toString(), "create", "true"));
    assertThat(missing).doesNotExist();
    mount(db);
    assertThat(missing).isEmptyDirectory();
    unmount(db);
  }

  @Test
  void a_directory_that_went_away_is_reported() throws IOException {
    Path there = Files.createDirectory(source.resolve("there"));
    Subject db = create("db", Map.of("source", there.toString()));
    Files.delete(there);

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("mount db: its directory is missing: " + there);
  }
}
