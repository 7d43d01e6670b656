package dev.keg.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.windows.win32.FakeWindows;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WindowsDirectoriesTest {
  @TempDir Path root;

  private WindowsDirectories directories(FakeWindows windows) {
    return new WindowsDirectories(() -> windows, root);
  }

  @Test
  void a_root_is_for_its_owner_and_administrators() throws IOException {
    FakeWindows windows = new FakeWindows(root);

    directories(windows).protect(root);

    assertThat(windows.calls())
        .anyMatch(call -> call.contains("D:P(A;OICI;FA;;;OW)(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)"))
        .anyMatch(call -> call.startsWith("SetNamedSecurityInfo " + root));
  }

  /** As below %ProgramData%, where everybody may create directories. */
  @Test
  void a_root_that_somebody_else_has_made_is_refused() {
    FakeWindows windows = new FakeWindows(root);
    windows.files().describe(root, "O:S-1-5-21-1-2-3-1000G:SYD:AI(A;ID;FA;;;WD)");

    assertThatThrownBy(() -> directories(windows).protect(root))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("it belongs to ");
    assertThat(root).isEmptyDirectory();
    assertThat(windows.calls()).noneMatch(call -> call.startsWith("SetNamedSecurityInfo"));
  }

  @Test
  void a_root_of_the_user_who_runs_keg_is_protected() throws IOException {
    FakeWindows windows = new FakeWindows(root);
    windows.files().describe(root, "O:S-1-5-21-1-2-3-1000G:SYD:AI(A;ID;FA;;;WD)");
    windows.files().ofNew = "O:S-1-5-21-1-2-3-1000D:AI(A;ID;FA;;;WD)";

    directories(windows).protect(root);

    assertThat(windows.calls()).anyMatch(call -> call.startsWith("SetNamedSecurityInfo " + root));
    assertThat(root).isEmptyDirectory();
  }

  /** It may contain a registry with drivers and paths that others have chosen. */
  @Test
  void a_root_with_content_is_refused_where_everybody_may_have_made_it() throws IOException {
    FakeWindows windows = new FakeWindows(root);
    Path other = Files.createDirectory(root.resolve("keg"));
    windows.files().describe(other, "O:S-1-5-21-1-2-3-1000G:SYD:AI(A;ID;FA;;;WD)");

    assertThatThrownBy(() -> directories(windows).requireOwn(other))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("it belongs to ");

    new WindowsDirectories(() -> windows, root.resolve("elsewhere")).requireOwn(other);
    windows.files().describe(other, "O:BAG:SYD:P(A;OICI;FA;;;BA)");
    directories(windows).requireOwn(other);
  }

  /** Its target may change after it has been checked. */
  @Test
  void a_root_that_is_the_link_of_somebody_else_is_refused() throws IOException {
    FakeWindows windows = new FakeWindows(root);
    Path own = Files.createDirectory(root.resolve("own"));
    Path link = Files.createSymbolicLink(root.resolve("keg"), own);
    windows.files().describe(link, "O:S-1-5-21-1-2-3-1000G:SYD:AI(A;ID;FA;;;WD)");

    assertThatThrownBy(() -> directories(windows).protect(link))
        .hasMessageContaining("it belongs to ");
  }

  @Test
  void a_root_that_cannot_be_protected_is_reported_at_each_call_that_fails() {
    FakeWindows windows = new FakeWindows(root);
    for (int call = 1; call < 10; call++) {
      windows.faults().failAt(call);
      try {
        directories(windows).protect(root);
        assertThat(call).as("calls that were made to fail").isGreaterThan(4);
        return;
      } catch (IOException e) {
        assertThat(e).isInstanceOf(FileSystemException.class).hasMessageStartingWith(root + ": ");
      }
    }
    throw new AssertionError("it never works");
  }

  @Test
  void a_file_has_the_name_that_it_was_made_with() throws IOException {
    Path directory = Jimfs.newFileSystem(Configuration.windows()).getPath("C:\\Keg");
    Files.createDirectory(directory);

    assertThat(new WindowsDirectories().spelling(directory.resolveSibling("KEG"))).isEqualTo("Keg");
  }

  @Test
  void names_of_devices_are_refused() {
    assertThat(new WindowsDirectories().whyUnusable("nul.json")).isPresent();
    assertThat(new WindowsDirectories().whyUnusable("null")).isEmpty();
  }
}
