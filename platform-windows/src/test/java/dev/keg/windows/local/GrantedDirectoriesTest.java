package dev.keg.windows.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.restore.Proposal;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverContract;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.Drivers;
import dev.keg.driver.FakeWorld;
import dev.keg.driver.local.LocalDriver;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import dev.keg.windows.driver.GrantOptions;
import dev.keg.windows.win32.FakeWindows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver {@code local} on Windows. */
final class GrantedDirectoriesTest extends DriverContract {
  private FakeWindows windows;

  @BeforeEach
  void start(@TempDir Path contents) {
    windows = new FakeWindows(contents);
  }

  @Override
  protected DriverFactory factory() {
    return LocalDriver.withAccess(GrantOptions.KNOWN, new GrantedDirectories(() -> windows));
  }

  @Override
  protected FakeWorld world() {
    return windows;
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("grant", "OFFICE\\anna:rw", "owner", "bob");
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of("grant", "anna:write", "type", "nfs");
  }

  @Test
  void a_new_directory_is_for_whom_the_options_name() throws IOException {
    Subject db = create("db");

    // Access is granted before it is moved into place.
    Path data = root.resolve("staging/db/_data");
    assertThat(windows.calls())
        .anyMatch(call -> call.startsWith("SetOwner " + data + " O:S-1-5-21-3D:P"))
        .anyMatch(
            call ->
                call.startsWith("SetNamedSecurityInfo " + data)
                    && call.endsWith("(A;OICI;FA;;;SY)(A;OICI;0x1301bf;;;S-1-5-21-11)"));
    remove(db);
  }

  @Test
  void what_takes_the_place_of_a_directory_is_for_the_same() throws IOException {
    Subject db = create("db");
    Path stage = Files.createDirectory(db.home().path().resolve("stage"));

    open().limitSuccessor(db.volume(), db.home(), stage, false);

    assertThat(windows.calls()).anyMatch(call -> call.startsWith("SetNamedSecurityInfo " + stage));
    Files.delete(stage);
    remove(db);
  }

  @Test
  void an_archive_of_others_chooses_no_account() {
    var options = new TreeMap<>(options());
    Volume described =
        new Volume(new VolumeName("db"), "local", new Options(options), Labels.NONE, Instant.EPOCH);
    Drivers drivers =
        new Drivers(
            List.of(factory()), new DriverContext(_ -> Optional.empty(), Map.of(), _ -> {}));

    assertThat(Proposal.of(described, false, drivers).made().options()).isEqualTo(Options.NONE);
    assertThat(Proposal.of(described, true, drivers).made()).isEqualTo(described);
  }

  @Test
  void a_directory_without_options_is_as_any_other() throws IOException {
    remove(create("db", Map.of()));

    assertThat(windows.calls()).isEmpty();
  }

  @Test
  void an_unknown_account_is_reported() {
    assertThatThrownBy(() -> create("db", Map.of("grant", "nobody:rw")))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("create db: LookupAccountName nobody: no such user or group");
  }
}
