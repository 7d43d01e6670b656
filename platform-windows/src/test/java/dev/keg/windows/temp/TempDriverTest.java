package dev.keg.windows.temp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.keg.driver.ClosesFiles;
import dev.keg.driver.DriverContext;
import dev.keg.driver.DriverContract;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.DriverOptions;
import dev.keg.driver.FakeWorld;
import dev.keg.driver.Faults;
import dev.keg.driver.MountRequest;
import dev.keg.driver.Secrets;
import dev.keg.driver.VolumeDriver;
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

  /** The files below %TEMP% are outside, too. */
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
  void its_disk_is_granted_at_each_mount() throws IOException {
    Subject scratch = create("scratch", Map.of("size", "64m", "grant", "Everyone:read"));
    for (int mounts = 1; mounts <= 2; mounts++) {
      mount(scratch);
      assertThat(windows.calls())
          .filteredOn(
              call ->
                  call.startsWith("SetNamedSecurityInfo")
                      && call.endsWith("(A;OICI;0x1200a9;;;S-1-5-21-8)"))
          .hasSize(mounts);
      unmount(scratch);
    }
  }

  @Test
  void an_account_that_is_unknown_is_noticed_before_a_disk_is_made() throws IOException {
    Map<String, String> misspelt = Map.of("size", "64m", "grant", "nobody:rw");
    assertThatThrownBy(() -> create("scratch", misspelt)).hasMessageContaining("no such user");
    Subject scratch = create("other", Map.of("size", "64m", "grant", "leaver:rw"));
    windows.deleteAccount("leaver");

    assertThatThrownBy(() -> mount(scratch)).hasMessageContaining("no such user");

    assertThat(windows.calls()).noneMatch(call -> call.startsWith("CreateVirtualDisk"));
    assertThat(world().standing()).isEmpty();
  }

  @Test
  void an_encrypted_one_has_a_new_key_for_each_disk_and_asks_nobody() throws IOException {
    Subject scratch = create("scratch", Map.of("size", "64m", "encrypted", "true"));
    Files.writeString(mount(scratch).resolve("work"), "in progress");
    assertThat(mount(scratch).resolve("work")).hasContent("in progress");
    unmount(scratch);
    assertThat(world().standing()).isEmpty();

    boolean killed = true;
    for (int call = 1; killed; call++) {
      windows.faults().killAt(call);
      Throwable end = catchThrowable(() -> mount(scratch));
      killed = windows.faults().fired();
      windows.faults().heal();
      assertThat(end == null).isNotEqualTo(killed);
      Files.writeString(mount(scratch).resolve("work"), "begun anew");
      unmount(scratch);
      assertThat(world().standing()).as("killed at %d", call).isEmpty();
    }
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

  private VolumeDriver openWith(Map<String, String> environment) {
    return factory().open(new DriverContext(_ -> Optional.empty(), environment, _ -> {}));
  }

  private MountRequest request(Subject subject) {
    DriverOptions options =
        DriverOptions.of(subject.volume().name(), subject.volume().options(), factory().options());
    return new MountRequest(subject.volume(), subject.home(), options, Secrets.NONE);
  }

  @Test
  void a_user_with_another_temporary_directory_unmounts_it_too(@TempDir Path other)
      throws IOException {
    Subject scratch = create("scratch");
    mount(scratch);

    openWith(Map.of("TEMP", other.toString())).unmount(scratch.volume(), scratch.home());

    assertThat(world().standing()).isEmpty();
  }

  @Test
  void a_user_with_another_temporary_directory_finds_the_same_data(@TempDir Path other)
      throws IOException {
    Subject scratch = create("scratch");
    Files.writeString(mount(scratch).resolve("work"), "in progress");

    Path data = openWith(Map.of("TEMP", other.toString())).mount(request(scratch));

    assertThat(data.resolve("work")).hasContent("in progress");
    unmount(scratch);
    assertThat(world().standing()).isEmpty();
  }

  @Test
  void open_files_are_closed_only_by_force() throws IOException {
    Subject scratch = create("scratch");
    ((ClosesFiles) open()).closeAndUnmount(scratch.volume(), scratch.home());
    mount(scratch);
    windows.busy(Path.of(Files.readString(scratch.home().file("temp.path"))), true);
    assertThatThrownBy(() -> unmount(scratch)).hasMessageStartingWith("unmount scratch: lock ");

    ((ClosesFiles) open()).closeAndUnmount(scratch.volume(), scratch.home());

    assertThat(world().standing()).isEmpty();
  }

  @Test
  void without_a_temporary_directory_it_says_so() throws IOException {
    Subject scratch = create("scratch");
    MountRequest request = request(scratch);

    assertThatThrownBy(() -> openWith(Map.of()).mount(request))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("mount scratch: the environment variable TEMP is not set");
  }
}
