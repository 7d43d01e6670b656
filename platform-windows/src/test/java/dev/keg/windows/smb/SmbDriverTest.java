package dev.keg.windows.smb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.ClosesFiles;
import dev.keg.driver.Discovers;
import dev.keg.driver.Discovers.Offer;
import dev.keg.driver.DriverContract;
import dev.keg.driver.DriverFactory;
import dev.keg.driver.FakeWorld;
import dev.keg.driver.Secrets;
import dev.keg.error.DriverException.DriverFailed;
import dev.keg.error.VolumeException;
import dev.keg.windows.win32.FakeWindows;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SmbDriverTest extends DriverContract {
  private static final String SHARE = "\\\\files\\projects";

  private FakeWindows windows;
  private Path machine;
  private Path credentials;
  private Secrets secrets = Secrets.NONE;

  @BeforeEach
  void windows(@TempDir Path contents, @TempDir Path machine) throws IOException {
    this.windows = new FakeWindows(contents);
    this.machine = machine;
    this.credentials =
        Files.writeString(
            machine.resolve("credentials"), "username=anna\r\npassword=s=e cret\ndomain=OFFICE\n");
  }

  @Override
  protected DriverFactory factory() {
    return SmbDriver.factory(() -> windows);
  }

  @Override
  protected FakeWorld world() {
    return windows;
  }

  @Override
  protected Map<String, String> environment() {
    return Map.of("ProgramData", machine.toString());
  }

  @Override
  protected Secrets secrets() {
    return secrets;
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("share", SHARE, "credentials", credentials.toString());
  }

  @Override
  protected Map<String, String> wrongOptions() {
    return Map.of(
        "share", "files", "credentials", "relative", "password", "secret", "privacy", "maybe");
  }

  // The contract's second volume would have the same share, with a common mapping.
  @Override
  @Test
  protected void a_volume_can_be_mounted_again_and_beside_others() throws IOException {
    Subject one = create("one");
    Subject two = create("two");
    mount(one);
    mount(two);

    unmount(one);
    assertThat(windows.standing()).containsExactly("mapped " + SHARE);
    mount(one);
    unmount(two);
    assertThat(windows.standing()).containsExactly("mapped " + SHARE);
    unmount(one);
    assertThat(windows.standing()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "\\\\files\\projects,         \\\\files\\projects\\",
    "//files/projects,            \\\\files\\projects\\",
    "\\\\files\\projects\\a\\b c, \\\\files\\projects\\a\\b c",
  })
  void the_data_is_seen_at_the_share(String share, String path) throws IOException {
    Subject db = create("db", Map.of("share", share));

    assertThat(mount(db)).hasToString(path);
    assertThat(windows.standing()).containsExactly("mapped " + SHARE);
    unmount(db);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-8"})
  void the_file_may_be_as_powershell_writes_it(String charset) throws IOException {
    String mark = charset.equals("UTF-16") ? "" : "\ufeff"; // Java writes that of UTF-16 itself
    String lines = mark + "username=\u00e4nna\r\npassword=p\u00e4ss\r\n";
    Files.write(credentials, lines.getBytes(Charset.forName(charset)));
    Subject db = create("db");

    mount(db);

    assertThat(windows.calls())
        .anyMatch(call -> call.startsWith("NetUseAdd " + SHARE + " user '\u00e4nna'"));
    unmount(db);
  }

  /** Whoever can write there could keep a share mapped, or have others' mappings removed. */
  @Test
  void only_administrators_may_write_to_the_lists_of_holders_of_a_share() throws IOException {
    Path lists = machine.resolve("keg-shares");
    Subject db = create("db");
    mount(db);
    assertThat(windows.files().descriptor(lists)).startsWith("O:BAG:BAD:P(A;OICI;FA;;;BA)");
    unmount(db);

    windows.files().describe(lists, "O:S-1-5-21-1-2-3-1000G:SYD:AI(A;OICIID;FA;;;SY)");

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessageContaining("users other than administrators own it or may write to it");
    assertThat(windows.standing()).isEmpty();
  }

  @Test
  void anybody_removes_a_volume_that_was_never_mounted() throws IOException {
    Subject db = create("db");
    windows.elevated = false;

    remove(db);

    assertThat(machine.resolve("keg-shares")).doesNotExist();
  }

  @Test
  void user_and_password_come_from_the_file() throws IOException {
    Subject db = create("db");
    mount(db);

    assertThat(windows.calls()).contains("NetUseAdd " + SHARE + " user 'anna' flags 256");
    unmount(db);
  }

  @Test
  void a_password_that_is_nowhere_is_asked_for_and_then_overwritten() throws IOException {
    List<char[]> given = new ArrayList<>();
    secrets =
        _ -> {
          given.add("secret".toCharArray());
          return Optional.of(given.getFirst());
        };
    Subject db = create("db", Map.of("share", SHARE, "username", "OFFICE\\anna", "privacy", ""));
    mount(db);

    assertThat(windows.calls()).contains("NetUseAdd " + SHARE + " user 'anna' flags 272");
    assertThat(given.getFirst()).containsOnly('\0');
    unmount(db);
  }

  @Test
  void where_nobody_can_be_asked_it_says_what_to_do() throws IOException {
    Subject db = create("db", Map.of("share", SHARE, "username", "anna"));

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("mount db: no password for anna")
        .satisfies(e -> assertThat(hint(e)).contains("-o credentials=FILE"));
    assertThat(holders()).isEmpty();
  }

  @Test
  void a_wrong_password_is_reported_and_not_shown() throws IOException {
    Files.writeString(credentials, "username=anna\npassword=wrong\n");
    Subject db = create("db");

    assertThatThrownBy(() -> mount(db))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("mount db: NetUseAdd " + SHARE + ": the user name or password is wrong")
        .satisfies(e -> assertThat(hint(e)).isEqualTo("check the credentials"));
    assertThat(windows.standing()).isEmpty();
    assertThat(holders()).isEmpty();
  }

  @Test
  void a_file_without_a_password_is_reported() throws IOException {
    Files.writeString(credentials, "username=anna\n");
    Subject db = create("db");

    assertThatThrownBy(() -> mount(db))
        .hasMessage("mount db: " + credentials + ": the line password= is missing");
  }

  @Test
  void a_mapping_of_somebody_else_is_used_and_stays_while_files_are_open() throws IOException {
    Subject db = create("db");
    mount(db);
    windows.busyShare(SHARE);

    assertThatThrownBy(() -> unmount(db))
        .isInstanceOf(DriverFailed.class)
        .satisfies(e -> assertThat(hint(e)).startsWith("close the programs"));
    assertThat(windows.standing()).containsExactly("mapped " + SHARE);
  }

  @Test
  void open_files_of_its_own_share_are_closed_by_force() throws IOException {
    Subject one = create("one");
    Subject two = create("two");
    mount(one);
    mount(two);
    windows.busyShare(SHARE);

    ((ClosesFiles) open()).closeAndUnmount(one.volume(), one.home());
    assertThat(windows.standing()).containsExactly("mapped " + SHARE);
    assertThatThrownBy(() -> unmount(two)).hasMessageContaining("files are open");
    ((ClosesFiles) open()).closeAndUnmount(two.volume(), two.home());
    assertThat(windows.standing()).isEmpty();
  }

  @Test
  void the_shares_of_a_server_with_files_are_found() {
    windows.offer("files", "projects", 0, "Work in progress");
    windows.offer("files", "C$", 0x80000000, "Default share");
    windows.offer("files", "laser", 1, "");
    windows.offer("files", "archive", 0x40000000, "");

    assertThat(((Discovers) open()).discover("\\\\files"))
        .containsExactly(
            new Offer("archive", "share=\\\\files\\archive", ""),
            new Offer("projects", "share=\\\\files\\projects", "Work in progress"));
    assertThatThrownBy(() -> ((Discovers) open()).discover("nowhere"))
        .isInstanceOf(DriverFailed.class)
        .hasMessage("discover nowhere: NetShareEnum nowhere: the server was not found");
    assertThat(windows.standing()).isEmpty();
  }

  private static String hint(Throwable failure) {
    return ((VolumeException) failure).hint().orElse("");
  }

  private List<Path> holders() throws IOException {
    try (var files = Files.walk(machine.resolve("keg-shares"))) {
      return files.filter(Files::isRegularFile).filter(file -> !file.endsWith("lock")).toList();
    }
  }
}
