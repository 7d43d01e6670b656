package dev.keg.linux.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.driver.DriverContext;
import dev.keg.error.HolderException.MountFailed;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.linux.LinuxPlatform;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.mount.Mount;
import dev.keg.linux.mount.ProcMounts;
import dev.keg.linux.program.Tool;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.IdMap;
import dev.keg.publish.MountContent;
import dev.keg.publish.Publisher;
import dev.keg.publish.ResolvedTarget;
import dev.keg.publish.Target;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The publisher on the kernel of this machine. */
@NeedsRoot
class PublisherIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private final DriverContext context =
      new DriverContext(_ -> Optional.empty(), System.getenv(), _ -> {});
  private final Kernel kernel = Kernel.open(context);
  private final Publisher publisher = new LinuxPlatform().publisher(context);

  private Path directory(String name) throws IOException {
    return Files.createDirectories(machine.directory().resolve(name));
  }

  private ResolvedTarget site(String path) throws IOException {
    ResolvedTarget site = publisher.resolve(Target.below(directory("rootfs"), path));
    if (!site.exists()) {
      publisher.make(site, new MountContent.Memory(List.of()));
    }
    return site;
  }

  private static Mount on(ResolvedTarget site) throws IOException {
    return ProcMounts.read().top(site.path()).orElseThrow();
  }

  private MountContent volume() throws IOException {
    Path volume = directory("volume");
    Files.createDirectories(volume.resolve("sub"));
    Files.writeString(volume.resolve("sub/file"), "text");
    return new MountContent.Tree(volume, "");
  }

  @Test
  void a_volume_is_shown_and_taken_away() throws IOException {
    ResolvedTarget site = site("/data");

    publisher.publish(volume(), site, Access.DEFAULT);

    assertThat(site.path().resolve("sub/file")).hasContent("text");
    assertThat(on(site).peers()).isEmpty();
    Files.writeString(site.path().resolve("new"), "x");
    publisher.withdraw(site.path(), false);
    publisher.withdraw(site.path(), false);
    assertThat(site.path()).isEmptyDirectory();
    assertThat(machine.directory().resolve("volume/new")).exists();
  }

  @Test
  void a_subpath_is_shown_alone() throws IOException {
    ResolvedTarget site = site("/data");
    Path volume = ((MountContent.Tree) volume()).root();

    publisher.publish(new MountContent.Tree(volume, "sub"), site, Access.DEFAULT);

    assertThat(site.path().resolve("file")).hasContent("text");
    publisher.withdraw(site.path(), false);
  }

  @Test
  void a_part_can_be_filled_also_where_a_link_takes_its_place() throws IOException {
    Path volume = directory("volume");
    Path part = Files.createDirectory(volume.resolve("part"));
    Path kept = volume.resolve("kept");

    try (Publisher.OpenPart open =
        publisher.part(new MountContent.Tree(volume, "part"), site("/data")).orElseThrow()) {
      Files.move(part, kept);
      Files.createSymbolicLink(part, machine.directory());
      Path inner = Files.createDirectory(open.path().resolve("inner"));
      Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwx-w----"));
      publisher.copyAttributes(inner, open.path());
    }

    assertThat(kept.resolve("inner")).isDirectory();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
        .isEqualTo("rwx-w----");
  }

  @Test
  void nothing_is_filled_through_a_link_that_leads_out() throws IOException {
    ResolvedTarget site = site("/data");
    Files.createFile(Files.createDirectories(site.path()).resolve("file"));
    Path outside = directory("outside");
    Path link = Files.createSymbolicLink(directory("volume").resolve("copy"), outside);

    try (Publisher.Original original = publisher.original(site("/data")).orElseThrow()) {
      assertThatThrownBy(() -> original.copy(link)).isInstanceOf(MountFailed.class);
    }

    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void a_subpath_that_leads_out_of_the_volume_is_refused_in_dockers_words() throws IOException {
    ResolvedTarget site = site("/data");
    Path volume = ((MountContent.Tree) volume()).root();
    Files.createSymbolicLink(volume.resolve("out"), Path.of("../rootfs"));

    assertThatThrownBy(
            () -> publisher.publish(new MountContent.Tree(volume, "out"), site, Access.DEFAULT))
        .isInstanceOf(MountFailed.class)
        .hasMessage(
            "mount %s: path concatenation escapes the base directory, base: %s, subpath: out",
            site.path(), volume);
    assertThatThrownBy(
            () -> publisher.publish(new MountContent.Tree(volume, "no"), site, Access.DEFAULT))
        .hasMessage(
            "mount %s: cannot access path %s/no: no such file or directory", site.path(), volume);
  }

  @Test
  void restrictions_are_kept() throws IOException {
    ResolvedTarget site = site("/data");
    Access access = Access.DEFAULT.withReadOnly(true).with(Set.of(Access.Restriction.values()));

    publisher.publish(volume(), site, access);

    assertThat(on(site).options()).contains("ro", "nosuid", "nodev", "noexec");
    assertThatThrownBy(() -> Files.createFile(site.path().resolve("x")))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("Read-only");
    publisher.withdraw(site.path(), false);
  }

  @Test
  @NeedsTool(value = "setpriv", from = "util-linux")
  void a_setuid_program_gains_nothing_where_that_is_restricted() throws Exception {
    Files.setAttribute(machine.directory(), "unix:mode", 0711);
    Path program = directory("volume").resolve("id");
    Files.copy(Path.of("/usr/bin/id"), program);
    Files.setAttribute(program, "unix:mode", 04755);
    MountContent volume = new MountContent.Tree(directory("volume"), "");
    ResolvedTarget site = site("/data");

    publisher.publish(volume, site, Access.DEFAULT);
    assertThat(userOf(site.path().resolve("id"))).isEqualTo("0");
    publisher.withdraw(site.path(), false);

    publisher.publish(volume, site, Access.DEFAULT.with(Set.of(Access.Restriction.NOSUID)));
    assertThat(userOf(site.path().resolve("id"))).isEqualTo("65534");
    publisher.withdraw(site.path(), false);
  }

  /** The user that a copy of id(1) reports when the user nobody starts it. */
  private String userOf(Path id) throws Exception {
    return kernel
        .tools()
        .run(Tool.of("setpriv", "--reuid", "65534", "--clear-groups", id.toString(), "-u"))
        .strip();
  }

  @Test
  void submounts_are_read_only_as_asked() throws IOException {
    MountContent volume = volume();
    Path below = directory("volume/below");
    ResolvedTarget inside = new ResolvedTarget(below, List.of());
    publisher.publish(new MountContent.Memory(List.of()), inside, Access.DEFAULT);
    ResolvedTarget site = site("/data");
    Path file = site.path().resolve("below/x");
    Access readOnly = Access.DEFAULT.withReadOnly(true);

    publisher.publish(volume, site, readOnly.with(Access.Recursion.READONLY));
    assertThatThrownBy(() -> Files.createFile(file)).hasMessageContaining("Read-only");
    publisher.withdraw(site.path(), false);

    publisher.publish(volume, site, readOnly.with(Access.Recursion.WRITABLE));
    Files.createFile(file);
    publisher.withdraw(site.path(), false);

    publisher.publish(volume, site, readOnly.with(Access.Recursion.DISABLED));
    assertThat(file).doesNotExist();
    publisher.withdraw(site.path(), false);
    publisher.withdraw(below, false);
    assertThat(ProcMounts.read().below(machine.directory())).isEmpty();
  }

  /** mount_namespaces(7): which mounts are propagated where, for a source with shared mounts. */
  @ParameterizedTest
  @CsvSource({
    "PRIVATE, false, false",
    "RPRIVATE, false, false",
    "SHARED, true, true",
    "RSHARED, true, true",
    "SLAVE, true, false",
    "RSLAVE, true, false",
  })
  void propagation_is_what_was_asked_for(
      Access.Propagation propagation, boolean isTold, boolean tells) throws IOException {
    ResolvedTarget source = new ResolvedTarget(directory("volume"), List.of());
    publisher.publish(
        new MountContent.Memory(List.of()),
        source,
        Access.DEFAULT.with(Access.Propagation.RSHARED));
    Path outside = directory("volume/outside");
    Path inside = directory("volume/inside");
    ResolvedTarget site = site("/data");

    publisher.publish(
        new MountContent.Tree(source.path(), ""), site, Access.DEFAULT.with(propagation));

    String group = on(source).peers().getFirst().replace("shared:", "");
    assertThat(on(site).peers())
        .isEqualTo(
            tells ? List.of("shared:" + group) : isTold ? List.of("master:" + group) : List.of());
    mountMemory(outside);
    assertThat(isMounted(site.path().resolve("outside"))).isEqualTo(isTold);
    mountMemory(site.path().resolve("inside"));
    assertThat(isMounted(inside)).isEqualTo(tells);
    publisher.withdraw(site.path().resolve("inside"), false);
    publisher.withdraw(outside, false);
    publisher.withdraw(site.path(), false);
    publisher.withdraw(source.path(), false);
    assertThat(ProcMounts.read().below(machine.directory())).isEmpty();
  }

  private void mountMemory(Path directory) {
    publisher.publish(
        new MountContent.Memory(List.of()),
        new ResolvedTarget(directory, List.of()),
        Access.DEFAULT);
  }

  private static boolean isMounted(Path directory) throws IOException {
    return ProcMounts.read().top(directory).isPresent();
  }

  @Test
  void memory_is_limited() throws IOException {
    ResolvedTarget site = site("/tmp");

    publisher.publish(
        new MountContent.Memory(List.of("size=1m", "mode=1770", "noexec")), site, Access.DEFAULT);

    assertThat(on(site).options()).contains("noexec");
    assertThat((int) Files.getAttribute(site.path(), "unix:mode") & 07777).isEqualTo(01770);
    assertThatThrownBy(() -> Files.write(site.path().resolve("big"), new byte[2 << 20]))
        .hasMessageContaining("No space left");
    publisher.withdraw(site.path(), false);
  }

  @Test
  void memory_with_an_impossible_option_says_which() throws IOException {
    ResolvedTarget site = site("/tmp");

    assertThatThrownBy(
            () -> publisher.publish(new MountContent.Memory(List.of("nope")), site, Access.DEFAULT))
        .isInstanceOf(MountFailed.class)
        .hasMessageContaining("Unknown parameter 'nope'");
  }

  @Test
  void a_site_that_became_another_place_is_refused() throws IOException {
    ResolvedTarget site = site("/a/data");
    Path outside = directory("outside");
    Files.createDirectory(outside.resolve("data"));
    Files.move(machine.directory().resolve("rootfs/a"), machine.directory().resolve("rootfs/b"));
    Files.createSymbolicLink(machine.directory().resolve("rootfs/a"), outside);
    MountContent volume = volume();

    assertThatThrownBy(() -> publisher.publish(volume, site, Access.DEFAULT))
        .isInstanceOf(MountFailed.class)
        .hasMessageContaining("symbolic links");
    assertThat(ProcMounts.read().below(machine.directory())).isEmpty();
  }

  @Test
  void a_directory_is_not_mounted_on_a_file() throws IOException {
    Path file = Files.createFile(directory("rootfs").resolve("file"));
    MountContent volume = volume();

    assertThatThrownBy(
            () -> publisher.publish(volume, new ResolvedTarget(file, List.of()), Access.DEFAULT))
        .hasMessage("mount " + file + ": the target is not a directory");
  }

  @Test
  void a_file_is_mounted_on_a_file() throws IOException {
    Path source = Files.writeString(directory("x").resolve("hosts"), "::1");
    ResolvedTarget site = publisher.resolve(Target.below(directory("rootfs"), "/etc/hosts"));
    MountContent content = new MountContent.Tree(source, "");
    publisher.make(site, content);

    publisher.publish(content, site, Access.DEFAULT);

    assertThat(site.path()).hasContent("::1");
    publisher.withdraw(site.path(), false);
    publisher.unmake(site.missing());
    assertThat(machine.directory().resolve("rootfs")).isEmptyDirectory();
  }

  @Test
  void a_busy_mount_is_only_taken_away_lazily() throws IOException {
    ResolvedTarget site = site("/data");
    publisher.publish(volume(), site, Access.DEFAULT);
    try (var open = new RandomAccessFile(site.path().resolve("sub/file").toFile(), "rw")) {
      assertThatThrownBy(() -> publisher.withdraw(site.path(), false))
          .isInstanceOf(MountFailed.class)
          .hasMessage("unmount " + site.path() + ": device or resource busy");
      publisher.withdraw(site.path(), true);
      assertThat(open.length()).isEqualTo(4);
    }
    assertThat(ProcMounts.read().at(site.path())).isEmpty();
  }

  @Test
  void mounts_on_top_of_each_other_are_all_taken_away() throws IOException {
    ResolvedTarget site = site("/data");
    MountContent volume = volume();
    publisher.publish(volume, site, Access.DEFAULT);
    publisher.publish(new MountContent.Memory(List.of()), site, Access.DEFAULT);
    publisher.publish(volume, site, Access.DEFAULT);

    publisher.withdraw(site.path(), true);

    assertThat(ProcMounts.read().below(machine.directory())).isEmpty();
  }

  @Test
  void owners_are_translated() throws Exception {
    Path base = directory("fs");
    kernel.tools().run(Tool.of("mount", "-t", "tmpfs", "-o", "size=1m", "keg", base.toString()));
    Path file = Files.createFile(base.resolve("file"));
    Files.setAttribute(file, "unix:uid", 7);
    ResolvedTarget site = site("/data");
    Access access = Access.DEFAULT.with(null, IdMap.parse("uids=0-100000-65536"));

    publisher.publish(new MountContent.Tree(base, ""), site, access);

    assertThat(Files.getAttribute(site.path().resolve("file"), "unix:uid")).isEqualTo(100007);
    assertThat(Files.getAttribute(site.path().resolve("file"), "unix:gid")).isEqualTo(0);
    publisher.withdraw(site.path(), false);
    publisher.withdraw(base, false);
  }

  @Test
  void an_empty_volume_is_filled_with_what_is_at_the_target() throws IOException {
    Path target = directory("rootfs/var/lib/app");
    Files.writeString(target.resolve("file"), "content");
    Files.setAttribute(target.resolve("file"), "unix:uid", 33);
    Files.setAttribute(target.resolve("file"), "unix:mode", 0640);
    Files.createLink(target.resolve("same"), target.resolve("file"));
    Files.createSymbolicLink(target.resolve("link"), Path.of("/etc/passwd"));
    Files.createDirectories(target.resolve("deep/er"));
    Files.setAttribute(target.resolve("deep/er"), "unix:mode", 01777);
    Files.setAttribute(target, "unix:gid", 44);
    Files.setAttribute(target, "unix:mode", 0750);
    Path volume = directory("volume");
    ResolvedTarget site = site("/var/lib/app");

    try (Publisher.Original original = publisher.original(site).orElseThrow()) {
      publisher.publish(new MountContent.Memory(List.of()), site, Access.DEFAULT);
      original.copy(volume);
    }
    publisher.withdraw(site.path(), false);

    assertThat(volume.resolve("file")).hasContent("content");
    assertThat(Files.getAttribute(volume.resolve("file"), "unix:uid")).isEqualTo(33);
    assertThat((int) Files.getAttribute(volume.resolve("file"), "unix:mode") & 07777)
        .isEqualTo(0640);
    assertThat(Files.getAttribute(volume.resolve("same"), "unix:ino"))
        .isEqualTo(Files.getAttribute(volume.resolve("file"), "unix:ino"));
    assertThat(Files.readSymbolicLink(volume.resolve("link"))).hasToString("/etc/passwd");
    assertThat((int) Files.getAttribute(volume.resolve("deep/er"), "unix:mode") & 07777)
        .isEqualTo(01777);
    assertThat(Files.getAttribute(volume, "unix:gid")).isEqualTo(44);
    assertThat((int) Files.getAttribute(volume, "unix:mode") & 07777).isEqualTo(0750);
  }

  @Test
  void attributes_of_a_directory_are_copied() throws IOException {
    Path to = directory("to");
    Path from = Files.createDirectory(to.resolve("from"));
    Files.setAttribute(from, "unix:uid", 5);
    Files.setAttribute(from, "unix:mode", 02770);

    publisher.copyAttributes(from, to);

    assertThat(Files.getAttribute(to, "unix:uid")).isEqualTo(5);
    assertThat((int) Files.getAttribute(to, "unix:mode") & 07777).isEqualTo(02770);
  }
}
