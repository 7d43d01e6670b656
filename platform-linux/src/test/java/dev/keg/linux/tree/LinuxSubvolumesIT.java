package dev.keg.linux.tree;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.file.Subvolumes;
import dev.keg.file.TreeDeletion;
import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsKernel;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.linux.RealDriver;
import dev.keg.linux.RealDriver.Made;
import dev.keg.linux.driver.Kernel;
import dev.keg.linux.loop.LoopDriver;
import dev.keg.linux.mount.BindMount;
import dev.keg.linux.mount.FileLocation;
import dev.keg.linux.mount.Mounts;
import dev.keg.linux.mount.Submounts;
import dev.keg.tree.FileTree;
import dev.keg.tree.NewFile;
import dev.keg.tree.OpenFile;
import dev.keg.tree.TreePath;
import dev.keg.tree.TreeWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Subvolumes on a real btrfs. */
@NeedsRoot
@NeedsKernel({"loop", "btrfs"})
@NeedsTool(value = "mkfs.btrfs", from = "btrfs-progs")
class LinuxSubvolumesIT {
  @RegisterExtension final MachineState machine = new MachineState();

  private final Subvolumes subvolumes = Subvolumes.ofSystem();
  private RealDriver driver;
  private Made made;
  private Path top;

  @BeforeEach
  void mount() throws IOException {
    driver = new RealDriver(LoopDriver.factory(Kernel::open), machine.directory());
    made = driver.create("db", Map.of("size", "256m", "fs", "btrfs"));
    driver.mount(made);
    top = Files.createDirectory(made.data().resolve("top"));
  }

  @AfterEach
  void unmount() throws IOException {
    driver.unmount(made);
    driver.remove(made);
  }

  private Path make(Path directory) throws IOException {
    assertThat(subvolumes.make(directory)).isTrue();
    return directory;
  }

  private Path filled(Path directory) throws IOException {
    make(directory);
    Files.createDirectories(directory.resolve("a/b"));
    Files.writeString(directory.resolve("a/b/file"), "text");
    return directory;
  }

  @Test
  void one_is_made_for_its_owner_alone() throws IOException {
    Path one = make(top.resolve("one"));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
        .isEqualTo("rwx------");
    assertThat(subvolumes.number(one)).isPresent();
    assertThat(subvolumes.number(one)).isNotEqualTo(subvolumes.number(make(top.resolve("two"))));
  }

  /** The kernel does not pass on to a subvolume what a directory inherits. */
  @Test
  @NeedsTool(value = "setfattr", from = "attr")
  @NeedsTool(value = "chattr", from = "e2fsprogs")
  void one_inherits_what_a_directory_does() throws Exception {
    Path noCow = Files.createDirectory(top.resolve("nocow"));
    run("chattr", "+C", noCow.toString());
    Path compressed = Files.createDirectory(top.resolve("compressed"));
    run("setfattr", "-n", "btrfs.compression", "-v", "zstd", compressed.toString());
    run("setfattr", "-n", "security.selinux", "-v", "label", compressed.toString());

    assertThat(run("lsattr", "-d", make(noCow.resolve("one")).toString())).contains("-C-");
    assertThat(run("getfattr", "-d", "-m", "-", make(compressed.resolve("one")).toString()))
        .contains("btrfs.compression=\"zstd\"", "security.selinux=\"label\"");
  }

  @Test
  @NeedsTool(value = "setfacl", from = "acl")
  void a_directory_that_inherits_access_control_lists_is_not_one() throws Exception {
    run("setfacl", "-d", "-m", "u:1:rwx", top.toString());

    assertThat(subvolumes.make(top.resolve("one"))).isFalse();
    assertThat(top.resolve("one")).doesNotExist();
  }

  /** Databases on btrfs often have this attribute. */
  @Test
  @NeedsTool(value = "chattr", from = "e2fsprogs")
  void a_file_without_copy_on_write_is_shared_between_two() throws Exception {
    Path one = make(top.resolve("one"));
    Path file = Files.createFile(one.resolve("file"));
    run("chattr", "+C", file.toString());
    Files.write(file, new byte[1 << 20]);
    Path two = make(top.resolve("two"));

    try (FileTree from = new LinuxFileTrees().read(one);
        TreeWriter to = new LinuxFileTrees().write(two, (_, _, _) -> {});
        OpenFile source = from.open(TreePath.parse("file")).orElseThrow();
        NewFile copy = to.file(TreePath.parse("copy")).orElseThrow()) {
      assertThat(copy.share(source)).isTrue();
    }

    assertThat(two.resolve("copy")).hasSameBinaryContentAs(file);
    assertThat(run("lsattr", two.resolve("copy").toString())).contains("-C-");
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void a_plain_directory_is_not_a_subvolume() throws IOException {
    assertThat(subvolumes.number(top)).isEmpty();
    assertThat(subvolumes.number(top.resolve("missing"))).isEmpty();
    assertThat(subvolumes.number(made.data())).as("a mount point").isEmpty();
    assertThat(subvolumes.copy(top, top.resolveSibling("copy"), false)).isFalse();
    assertThat(top.resolveSibling("copy")).doesNotExist();
  }

  @Test
  void another_file_system_has_none() throws IOException {
    Path elsewhere = machine.directory().resolve("elsewhere");

    assertThat(subvolumes.make(elsewhere)).isFalse();
    assertThat(subvolumes.copy(filled(top.resolve("one")), elsewhere, true)).isFalse();
    assertThat(elsewhere).doesNotExist();
  }

  @Test
  void a_copy_has_what_was_there() throws IOException {
    Path one = filled(top.resolve("one"));

    assertThat(subvolumes.copy(one, top.resolve("copy"), true)).isTrue();
    Files.writeString(one.resolve("a/b/file"), "other");

    assertThat(top.resolve("copy/a/b/file")).hasContent("text");
    assertThatThrownBy(() -> Files.writeString(top.resolve("copy/new"), ""))
        .hasMessageContaining("Read-only file system");
  }

  @Test
  void a_copy_takes_the_place_of_an_empty_one() throws IOException {
    Path one = filled(top.resolve("one"));

    assertThat(subvolumes.copy(one, make(top.resolve("copy")), false)).isTrue();
    assertThat(subvolumes.copy(one, Files.createDirectory(top.resolve("directory")), false))
        .isFalse();

    Files.writeString(top.resolve("copy/a/b/file"), "other");
    assertThat(one.resolve("a/b/file")).hasContent("text");
    assertThat(top.resolve("directory")).isEmptyDirectory();
  }

  @Test
  void no_copy_is_made_that_would_lack_what_is_nested() throws IOException {
    Path one = filled(top.resolve("one"));
    filled(one.resolve("a/nested"));

    assertThat(subvolumes.copy(one, make(top.resolve("copy")), false)).isFalse();

    assertThat(top.resolve("copy")).isEmptyDirectory();
  }

  @Test
  void one_is_deleted_with_all_that_is_in_it() throws IOException {
    Path one = filled(top.resolve("one"));
    assertThat(subvolumes.copy(one, top.resolve("copy"), true)).isTrue();

    TreeDeletion.delete(one);
    assertThat(top.resolve("copy/a/b/file")).hasContent("text");
    TreeDeletion.delete(top);

    assertThat(top).doesNotExist();
  }

  @Test
  void nested_ones_are_deleted_as_well() throws IOException {
    Path one = filled(top.resolve("one"));
    Path nested = filled(one.resolve("a/nested"));
    filled(nested.resolve("a/b/nested"));
    assertThat(subvolumes.copy(nested.resolve("a/b/nested"), nested.resolve("kept"), true))
        .isTrue();

    TreeDeletion.delete(top);

    assertThat(top).doesNotExist();
  }

  @Test
  void nested_ones_are_deleted_in_the_directory_of_others() throws IOException {
    Path tree = Files.createDirectory(top.resolve("tree"));
    filled(Files.createDirectory(tree.resolve("a")).resolve("nested"));

    TreeDeletion.deleteIn(top, tree.getFileName());

    assertThat(tree).doesNotExist();
  }

  /** Such deep directories are moved to the top of the tree, but not out of their subvolume. */
  @Test
  void deep_ones_are_deleted_as_well() throws IOException {
    Path deep = top.resolve("d/".repeat(70));
    Files.createDirectories(deep);
    Path one = filled(deep.resolve("one"));
    Files.createDirectories(one.resolve("d/".repeat(70)));
    filled(one.resolve("d/".repeat(70) + "nested"));

    TreeDeletion.delete(top);

    assertThat(top).doesNotExist();
  }

  @Test
  void what_is_mounted_in_one_stays() throws Exception {
    Path one = filled(top.resolve("one"));
    Path other = filled(made.data().resolve("other"));
    Path target = Files.createDirectory(one.resolve("mounted"));
    Mounts mounts = Kernel.mounts(_ -> {});
    mounts.bind(
        new BindMount(
            FileLocation.at(other),
            FileLocation.at(target),
            Submounts.LEFT_OUT,
            Set.of(),
            null,
            null));
    try {
      assertThat(subvolumes.number(target)).isEmpty();
      assertThat(subvolumes.copy(one, top.resolve("copy"), true)).isFalse();

      TreeDeletion.delete(one);
    } finally {
      mounts.unmount(target, false);
    }

    assertThat(other.resolve("a/b/file")).hasContent("text");
  }

  @Test
  void no_link_leads_to_one_that_is_deleted() throws IOException {
    Path one = filled(top.resolve("one"));
    Files.createSymbolicLink(top.resolve("link"), top);

    assertThatThrownBy(() -> subvolumes.delete(top, top.resolve("link/one")))
        .hasMessageContaining("not a directory");

    assertThat(one.resolve("a/b/file")).hasContent("text");
  }
}
