package dev.keg.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keg.linux.kernel.Errno;
import dev.keg.linux.kernel.ErrnoException;
import dev.keg.linux.kernel.FakeKernel;
import dev.keg.linux.kernel.FileSystemOption;
import dev.keg.linux.kernel.MountFlag;
import dev.keg.linux.kernel.Propagation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the paths are those of Linux")
public class MountsTest {
  private static final Set<MountFlag> QUIET = Set.of(MountFlag.READ_ONLY, MountFlag.NOSUID);

  private final FakeKernel fake = new FakeKernel();
  private final Mounts mounts = fake.kernel().mounts();
  private final Path source;
  private final Path target;

  MountsTest(@TempDir Path directory) throws IOException {
    Path real = directory.toRealPath();
    this.source = Files.createDirectory(real.resolve("source"));
    this.target = Files.createDirectory(real.resolve("target"));
  }

  private static FileSystemMount tmpfs(FileSystemOption... options) {
    return new FileSystemMount("tmpfs", "tmpfs", QUIET, List.of(options));
  }

  private BindMount bind(Set<MountFlag> flags, @Nullable Propagation propagation) {
    return new BindMount(
        FileLocation.at(source),
        FileLocation.at(target),
        Submounts.FLAGGED_IF_POSSIBLE,
        flags,
        propagation == null ? null : new MountPropagation(propagation, true),
        null);
  }

  private List<String> changes() {
    return fake.journal.stream()
        .filter(call -> !call.startsWith("open ") && !call.startsWith("openat2 "))
        .toList();
  }

  @Test
  void a_file_system_is_attached_complete_with_its_flags() throws Exception {
    mounts.mount(tmpfs(FileSystemOption.of("size", "1m")), FileLocation.at(target));

    assertThat(changes())
        .containsExactly(
            "fsopen tmpfs",
            "fsconfig source=tmpfs",
            "fsconfig ro",
            "fsconfig size=1m",
            "fsconfig create",
            "fsmount ro,nosuid",
            "move_mount tmpfs " + target);
  }

  @Test
  void an_old_kernel_gets_one_call_of_mount() throws Exception {
    fake.missing.add("fsopen");

    mounts.mount(
        tmpfs(
            FileSystemOption.of("size", "1m"),
            FileSystemOption.flag("lazytime"),
            FileSystemOption.of("mode", "700")),
        FileLocation.at(target));

    assertThat(changes()).endsWith("mount tmpfs " + target + " tmpfs 0x2000003 size=1m,mode=700");
  }

  @Test
  void a_comma_in_an_option_needs_the_new_calls() {
    fake.missing.add("fsopen");

    assertThatThrownBy(
            () ->
                mounts.mount(
                    tmpfs(FileSystemOption.of("lowerdir", "/a,b")), FileLocation.at(target)))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("needs Linux 5.2");
  }

  @Test
  void a_secret_option_is_not_shown() throws Exception {
    mounts.mount(tmpfs(FileSystemOption.secret("pass", "xyzzy")), FileLocation.at(target));

    assertThat(fake.journal).contains("fsconfig pass=********").noneMatch(c -> c.contains("xyzzy"));
  }

  @Test
  void a_bind_mount_has_its_flags_before_it_is_seen_and_its_propagation_after() throws Exception {
    mounts.bind(bind(QUIET, Propagation.PRIVATE));

    assertThat(changes())
        .containsExactly(
            "open_tree " + source + " recursive",
            "mount_setattr ro,nosuid recursive",
            "move_mount " + source + " " + target,
            "mount_setattr private recursive");
  }

  @Test
  void on_an_old_kernel_a_bind_mount_is_remounted_with_its_flags() throws Exception {
    fake.missing.add("open_tree");

    mounts.bind(bind(QUIET, Propagation.SLAVE));

    assertThat(changes())
        .containsExactly(
            "open_tree " + source + " recursive",
            "mount " + source + " " + target + " null 0x5000",
            "statfs " + target,
            "mount  " + target + " null 0x1023",
            "mount  " + target + " null 0x84000");
  }

  @Test
  void a_kernel_that_cannot_change_mounts_binds_in_the_old_way() throws Exception {
    fake.missing.add("mount_setattr");

    mounts.bind(bind(QUIET, null));

    assertThat(fake.journal).contains("mount  " + target + " null 0x1023");
    assertThat(fake.mounts.mounts()).hasSize(1);
  }

  @Test
  void a_bind_that_fails_anywhere_leaves_nothing() throws ErrnoException {
    for (boolean old : new boolean[] {false, true}) {
      if (old) {
        fake.missing.add("open_tree");
      }
      for (int call = 1; call < 20; call++) {
        fake.faults().failAt(call);
        ErrnoException failure =
            catchThrowableOfType(
                ErrnoException.class, () -> mounts.bind(bind(QUIET, Propagation.SHARED)));
        boolean fired = fake.faults().fired();
        fake.faults().heal();
        if (!fired) {
          mounts.unmount(target, false);
          break;
        }
        assertThat(failure).as("failure %d", call).isNotNull();
        assertThat(fake.standing()).as("after failure %d", call).isEmpty();
      }
    }
  }

  private BindMount subpath(String path) {
    return new BindMount(
        FileLocation.beneath(source, path),
        FileLocation.at(target),
        Submounts.UNCHANGED,
        Set.of(),
        null,
        null);
  }

  @Test
  void a_subpath_says_which_kernel_it_needs() {
    fake.missing.add("openat2");

    assertThatThrownBy(() -> mounts.bind(subpath("a"))).hasMessageContaining("needs Linux 5.6");
  }

  @Test
  void a_subpath_that_leads_elsewhere_is_an_error() throws IOException {
    Files.createSymbolicLink(source.resolve("out"), target);

    assertThatThrownBy(() -> mounts.bind(subpath("out")))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("cross-device");
  }

  @Test
  void flags_of_submounts_are_demanded_or_left_alone() throws Exception {
    for (Submounts submounts : Submounts.values()) {
      fake.journal.clear();
      mounts.bind(
          new BindMount(
              FileLocation.at(source), FileLocation.at(target), submounts, QUIET, null, null));
      assertThat(changes().subList(0, 2))
          .isEqualTo(
              switch (submounts) {
                case LEFT_OUT -> List.of("open_tree " + source, "mount_setattr ro,nosuid");
                case UNCHANGED ->
                    List.of("open_tree " + source + " recursive", "mount_setattr ro,nosuid");
                case FLAGGED_IF_POSSIBLE, FLAGGED ->
                    List.of(
                        "open_tree " + source + " recursive", "mount_setattr ro,nosuid recursive");
              });
      mounts.unmount(target, false);
    }
  }

  @Test
  void flags_of_submounts_that_are_demanded_of_an_old_kernel_are_an_error() {
    fake.missing.add("mount_setattr");

    assertThatThrownBy(
            () ->
                mounts.bind(
                    new BindMount(
                        FileLocation.at(source),
                        FileLocation.at(target),
                        Submounts.FLAGGED,
                        QUIET,
                        null,
                        null)))
        .hasMessageContaining("needs Linux 5.12");
    assertThat(fake.standing()).isEmpty();
  }

  @Test
  void unmounting_what_is_not_mounted_is_not_an_error() throws Exception {
    Path other = Files.createDirectory(target.resolveSibling("other"));
    mounts.mount(tmpfs(), FileLocation.at(other));

    mounts.unmount(target, false);
    mounts.unmount(target.resolve("no/such/directory"), false);
    mounts.unmountExact(target, true);

    assertThat(fake.standing()).containsExactly("mount tmpfs " + other);
  }

  @Test
  void unmounting_takes_down_the_mount_on_top() throws Exception {
    mounts.mount(tmpfs(), FileLocation.at(target));

    mounts.unmount(target, false);

    assertThat(fake.standing()).isEmpty();
    assertThat(fake.journal).endsWith("umount2 " + target);
  }

  @Test
  void where_nothing_is_mounted_no_right_to_unmount_is_needed() throws Exception {
    fake.errno = Errno.EPERM;
    fake.faults().failAt(2);

    mounts.unmount(target, false);

    assertThat(fake.journal).endsWith("umount2 " + target);
  }

  @Test
  void an_unmount_without_the_right_to_do_so_is_reported() throws Exception {
    mounts.mount(tmpfs(), FileLocation.at(target));
    fake.errno = Errno.EPERM;
    fake.faults().failAt(2);

    assertThatThrownBy(() -> mounts.unmount(target, false))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("not permitted");
  }

  @Test
  void a_busy_mount_is_an_error() throws Exception {
    mounts.mount(tmpfs(), FileLocation.at(target));
    fake.mounts.busy.add(target.toString());

    assertThatThrownBy(() -> mounts.unmount(target, false))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("busy");

    mounts.unmount(target, true);
    assertThat(fake.mounts.mounts()).isEmpty();
  }

  @Test
  void a_mount_that_is_busy_for_a_moment_is_unmounted_after_it() throws Exception {
    mounts.mount(tmpfs(), FileLocation.at(target));
    fake.errno = Errno.EBUSY;
    fake.faults().failAt(2);

    mounts.unmount(target, false);

    assertThat(fake.mounts.mounts()).isEmpty();
  }

  @Test
  void an_exact_path_is_not_followed_through_links() throws Exception {
    Path link = Files.createSymbolicLink(target.resolveSibling("link"), target.getParent());

    assertThatThrownBy(() -> mounts.unmountExact(link.resolve("target"), true))
        .isInstanceOf(ErrnoException.class)
        .hasMessageContaining("symbolic links");
  }

  @Test
  void what_is_mounted_is_found_through_links() throws Exception {
    mounts.mount(tmpfs(), FileLocation.at(target));
    Path link = Files.createSymbolicLink(target.resolveSibling("link"), target.getParent());

    assertThat(mounts.on(link.resolve("target"))).isPresent();
    assertThat(mounts.on(source)).isEmpty();
  }

  @Test
  void without_privileges_there_is_nothing_to_unmount_where_nothing_is_mounted() throws Exception {
    fake.errno = Errno.EPERM;
    fake.faults().failAt(2);

    mounts.unmount(target, false);

    assertThat(fake.faults().fired()).isTrue();
  }

  @Test
  void without_privileges_a_mount_stays() throws Exception {
    mounts.mount(tmpfs(), FileLocation.at(target));
    fake.errno = Errno.EPERM;
    fake.faults().failAt(2);

    assertThatThrownBy(() -> mounts.unmount(target, false)).isInstanceOf(ErrnoException.class);
    assertThat(mounts.on(target)).isPresent();
  }
}
