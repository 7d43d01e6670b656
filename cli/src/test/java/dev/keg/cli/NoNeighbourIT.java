package dev.keg.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keg.fixtures.condition.MachineState;
import dev.keg.fixtures.condition.NeedsRoot;
import dev.keg.fixtures.condition.NeedsTool;
import dev.keg.fixtures.transcript.CommandRunner.Invocation;
import dev.keg.fixtures.transcript.CommandRunner.Outcome;
import dev.keg.fixtures.transcript.ProcessRunner;
import dev.keg.lifecycle.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Another user of this machine, who knows the names, tries to read, run and slow down root's files:
 * fifty volumes, their backups, and an archive.
 */
@NeedsRoot
@NeedsTool(value = "setpriv", from = "util-linux")
@NeedsTool(value = "flock", from = "util-linux")
class NoNeighbourIT {
  private static final String NAME = "payroll-2027";
  private static final String LABEL = "label-of-the-board";
  private static final String CONTENT = "content-of-the-board";
  private static final int VOLUMES = 50;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @RegisterExtension static final MachineState MACHINE = new MachineState();

  /** Each is tried as a user without rights; it must fail and show nothing of the above. */
  private static final String ATTEMPTS =
      """
      list the root                     | ls $ROOT
      list the volumes                  | ls $ROOT/volumes
      list what is in use               | ls $ROOT/containers
      list the repositories             | ls $ROOT/repositories
      list leftovers                    | ls $ROOT/trash $ROOT/staging
      walk the tree                     | find $ROOT -mindepth 1 | grep .
      expand a pattern                  | for f in $ROOT/volumes/*; do test -e "$f" && echo "$f" && exit 0; done; exit 1
      guess the name                    | test -e $ROOT/volumes/$NAME
      guess many names                  | for n in $(seq 99); do test -e $ROOT/volumes/$NAME-$n && exit 0; done; exit 1
      enter a volume                    | cd $DATA
      look at a file                    | stat $DATA/secret
      resolve a path                    | readlink -e $DATA/secret
      read a file                       | cat $DATA/secret
      read a file of everybody          | cat $DATA/open
      read through a link of one's own  | ln -s $DATA/open $OWN/link && cat $OWN/link
      read through a bind mount         | unshare -rm sh -c "mount --bind $DATA $OWN && cat $OWN/open"
      read the registry's file          | cat $ROOT/keg.json
      read the description              | cat $ROOT/volumes/$NAME/volume.json
      read the holders                  | cat $ROOT/volumes/$NAME/attachments/*
      read attributes                   | getfattr -d $DATA/open
      read the label with keg           | $KEG --root $ROOT inspect $NAME
      list with keg                     | $KEG --root $ROOT ls
      complete with keg                 | $KEG --root $ROOT rm --dry-run $NAME
      list the backups with keg         | KEG_REPOSITORY=$REPOSITORY $KEG --root $OWN/root restore --dry-run $NAME
      read a record of a backup         | cat $REPOSITORY/backups/$NAME/*
      read an archive of a repository   | cat $REPOSITORY/data/$NAME/*
      read an archive                   | cat $ARCHIVE
      run a program of a volume         | $DATA/tool
      run a program as root             | $DATA/suid
      run by another name               | ln $DATA/suid $OWN/suid && $OWN/suid
      run through the loader            | /lib64/ld-linux-x86-64.so.2 $DATA/tool
      run a script of a volume          | sh $DATA/script
      write to the root                 | touch $ROOT/volumes/planted
      write to a volume                 | echo changed > $DATA/open
      replace the description           | echo {} > $ROOT/volumes/$NAME/volume.json
      take the root away                | mv $ROOT $ROOT.away
      delete the volume                 | rm -rf $ROOT/volumes/$NAME
      remove with keg                   | $KEG --root $ROOT rm $NAME
      create with keg                   | $KEG --root $ROOT create planted
      mount with keg                    | $KEG --root $ROOT mount $NAME $OWN
      back up with keg                  | $KEG --root $ROOT backup -o - $NAME
      attach with keg                   | $KEG --root $ROOT attach $NAME machine
      hold the lock of the root         | flock -n $ROOT true
      hold the locks of the volumes     | flock -n $ROOT/locks/all true
      fill the directory                | mkdir $ROOT/volumes/$(seq -s/x 100)
      """;

  private static Outcome keg(String... arguments) throws Exception {
    Outcome outcome =
        BuiltProgram.runOrCall(Map.of("KEG_ROOT", directory("keg").toString()), arguments);
    assertThat(outcome.exit()).as(outcome.errors()).isZero();
    return outcome;
  }

  private static Path directory(String name) {
    return MACHINE.directory().resolve(name);
  }

  private static Path data() {
    return directory("keg/volumes/" + NAME + "/_data");
  }

  private static void put(String name, String content, String mode) throws Exception {
    Path file = Files.writeString(data().resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  @BeforeAll
  static void volume() throws Exception {
    // Like /var/lib: anybody may enter, and Keg must protect its own directories.
    Files.setPosixFilePermissions(
        MACHINE.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
    keg("create", "--label", "of=" + LABEL, NAME);
    for (int number = 1; number < VOLUMES; number++) {
      Store.open(directory("keg")).fill(NAME + "-" + number);
    }
    put("secret", CONTENT, "rw-------");
    put("open", CONTENT, "rw-r--r--");
    put("script", "echo " + CONTENT, "rwxr-xr-x");
    Files.copy(Path.of("/bin/true"), data().resolve("tool"));
    Files.copy(Path.of("/bin/true"), data().resolve("suid"));
    new ProcessBuilder("chmod", "4755", data().resolve("suid").toString()).start().waitFor();
    Files.createDirectory(directory("repository"));
    keg("backup", "--to", directory("repository").toString(), NAME);
    keg("backup", "--output", directory("archive.tar.zst").toString(), NAME);
    Files.createDirectory(directory("own"));
    Files.setPosixFilePermissions(directory("own"), PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private static Outcome asNobody(String command) throws Exception {
    Map<String, String> environment = new HashMap<>(BuiltProgram.ENVIRONMENT);
    environment.put("ROOT", directory("keg").toString());
    environment.put("DATA", data().toString());
    environment.put("NAME", NAME);
    environment.put("OWN", directory("own").toString());
    environment.put("REPOSITORY", directory("repository").toString());
    environment.put("ARCHIVE", directory("archive.tar.zst").toString());
    environment.put("KEG", BuiltProgram.path());
    if (command.contains("$KEG")) {
      assumeTrue(
          asNobody("--clear-groups", environment, "test -x $KEG").exit() == 0,
          "another user cannot reach the program in this checkout");
    }
    return asNobody("--clear-groups", environment, command);
  }

  private static Outcome asNobody(String groups, Map<String, String> environment, String command)
      throws Exception {
    List<String> nobody =
        List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", groups, "sh", "-c");
    return new ProcessRunner(nobody, environment, LIMIT)
        .run(new Invocation(List.of(command), "", Map.of()));
  }

  @TestFactory
  Stream<DynamicTest> an_attempt_to() {
    return ATTEMPTS
        .lines()
        .map(line -> line.split(" *\\| ", 2))
        .map(row -> DynamicTest.dynamicTest(row[0].strip(), () -> assertInVain(row[1])));
  }

  private static void assertInVain(String command) throws Exception {
    Outcome outcome = asNobody(command);

    assertThat(outcome.exit()).as(outcome.output() + outcome.errors()).isNotZero();
    assertThat(outcome.output()).doesNotContain(LABEL, CONTENT, "\"options\"");
    assertThat(outcome.errors()).doesNotContain(LABEL, CONTENT);
    assertThat(keg("inspect", "--format", "{{.Labels.of}}", NAME).output()).contains(LABEL);
    assertThat(data().resolve("open")).content().isEqualTo(CONTENT);
    assertThat(directory("keg/volumes/planted")).doesNotExist();
  }

  @Test
  void a_member_of_the_group_that_is_let_in_reads_what_a_volume_lets_everybody_read()
      throws Exception {
    String root = directory("shared").toString();
    keg("--root", root, "--group", "daemon", "create", NAME);
    Path data = Files.createFile(Path.of(root, "volumes", NAME, "_data", "open"));

    String list = "ls " + root + "/volumes";
    assertThat(asNobody("--groups=1", Map.of(), "cat " + data).exit()).isZero();
    assertThat(asNobody("--groups=1", Map.of(), list).exit()).isNotZero();
    assertThat(asNobody("--clear-groups", Map.of(), "cat " + data).exit()).isNotZero();
  }

  @Test
  void whoever_is_not_a_member_of_a_group_learns_that_it_takes_root() throws Exception {
    Outcome outcome = asNobody("$KEG --root $OWN/root --group daemon create mine");

    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.errors()).contains("only root can choose a group");
  }

  /** A neighbour locks everything possible for longer than the commands take. */
  @Test
  void a_neighbour_slows_nobody() throws Exception {
    String lockAll =
        "for f in $ROOT $ROOT/locks/* $ROOT/keg.json $REPOSITORY $REPOSITORY/* $ARCHIVE; do"
            + " flock -x \"$f\" sleep 50 2>/dev/null & done; wait";
    Thread neighbour =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    var _ = asNobody(lockAll);
                  } catch (InterruptedException _) {
                    // Nobody has to wait for it any more.
                  } catch (Exception e) {
                    throw new AssertionError(e);
                  }
                });
    long start = System.nanoTime();
    keg("update", "--label-add", "seen=1", NAME);
    keg("backup", "--to", directory("repository").toString(), NAME);
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    neighbour.interrupt();
    neighbour.join();

    long alone = System.nanoTime();
    keg("update", "--label-add", "seen=2", NAME);
    keg("backup", "--to", directory("repository").toString(), NAME);
    assertThat(taken).isLessThan(Duration.ofNanos(System.nanoTime() - alone).plusSeconds(20));
  }
}
