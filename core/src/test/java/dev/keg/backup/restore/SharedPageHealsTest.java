package dev.keg.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.backup.BackedHost;
import dev.keg.backup.archive.Archive.StoredPage;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.browse.BackupPath;
import dev.keg.backup.browse.BackupTree;
import dev.keg.backup.browse.Browsing;
import dev.keg.backup.replica.BackupChoice.Whose;
import dev.keg.backup.repository.BackupRecord;
import dev.keg.backup.repository.Check;
import dev.keg.backup.restore.RestoreRequest.Mode;
import dev.keg.backup.store.ObjectName;
import dev.keg.error.BackupException.InvalidArchive;
import dev.keg.error.BackupException.RestoreFailed;
import dev.keg.tree.TreePath;
import dev.keg.volume.VolumeName;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page that many backups share is damaged. */
class SharedPageHealsTest {
  /** In each of four directories, so that there are several pages. */
  private static final int FILES = 400;

  private final BackedHost host = new BackedHost();
  private final VolumeName db = host.create("db");
  private BackupRecord full;
  private IndexRoot.Page shared;
  private TreePath behind;

  @BeforeEach
  void back_up_until_a_page_is_shared() throws Exception {
    for (int d = 0; d < 4; d++) {
      for (int i = 0; i < FILES; i++) {
        Path file = host.write(db, "d%d/in/f%03d".formatted(d, i), d + " and " + i);
        // Page ends depend on it.
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000L * (8000 + FILES * d + i)));
      }
    }
    host.save(db);
    full = host.last(host.repository);
    host.write(db, "d0/in/f000", "changed");
    host.save(db);
    host.save(db);
    List<IndexRoot.Page> pages = pages(host.last(host.repository));
    assertThat(pages).hasSizeGreaterThan(2);
    shared = pages.get(pages.size() / 2);
    behind = pages.get(pages.size() / 2 + 1).first();
    assertThat(shared.object()).isEqualTo(full.own().name().text());
  }

  private List<IndexRoot.Page> pages(BackupRecord record) {
    try (RestoreSource.Indexed source = RestoreSource.of(host.repository, record, true)) {
      List<IndexRoot.Page> places = new ArrayList<>();
      for (Iterator<StoredPage> pages = source.archive().pages(); pages.hasNext(); ) {
        places.add(pages.next().place());
      }
      return places;
    }
  }

  private void flip(long offset) throws Exception {
    ObjectName name = full.own().name();
    ByteBuffer bytes = ByteBuffer.allocate((int) full.own().size().bytes());
    host.store.read(name, 0, bytes);
    bytes.array()[(int) offset] ^= 4;
    host.store.damage(name, bytes.array());
  }

  private Check verifyLast() {
    return host.verify(host.repository, host.repository.list(db).backups().getLast());
  }

  private boolean isLost(String file) {
    TreePath path = TreePath.parse(file.substring(0, file.indexOf('=')));
    return path.compareTo(shared.first()) >= 0 && path.compareTo(behind) < 0;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void four_nights_of_backup_and_verify_heal(boolean changing) throws Exception {
    flip(shared.offset() + 20);
    List<Boolean> good = new ArrayList<>();
    List<Long> stored = new ArrayList<>();
    for (int night = 0; night < 4; night++) {
      if (changing) {
        host.write(db, "d3/in/f%03d".formatted(FILES - 1), "night " + night);
      }
      good.add(verifyLast().good());
      stored.add(host.save(db).stored().bytes());
    }

    assertThat(good).containsExactly(false, true, true, true);
    assertThat(stored.getFirst()).isPositive().isLessThan(full.own().size().bytes());
    assertThat(verifyLast().findings()).isEmpty();
    assertThat(pages(host.last(host.repository))).doesNotContain(shared);
    List<String> content = host.content(db);
    host.write(db, "d0/in/f001", "to be overwritten");
    host.restore(host.restoreRequest(db, Mode.REPLACE));
    assertThat(host.content(db)).isEqualTo(content);
  }

  @Test
  void a_backup_continues_from_damage_that_nobody_has_verified() throws Exception {
    flip(shared.offset() + 20);
    host.save(db);

    assertThat(host.notes)
        .filteredOn(note -> note.startsWith("warning"))
        .singleElement()
        .asString()
        .contains("files are read again", "all files from " + shared.first());
    assertThat(verifyLast().findings()).isEmpty();
  }

  @Test
  void verification_names_the_range_and_marks_every_backup_that_has_it() throws Exception {
    flip(shared.offset() + 20);
    Check check = verifyLast();

    assertThat(check.findings().getFirst())
        .contains("all files from %s to just before %s are lost".formatted(shared.first(), behind));
    assertThat(host.repository.list(db).backups())
        .hasSize(3)
        .allMatch(backup -> backup.checks().damaged());
  }

  @Test
  void the_rest_is_restored_on_demand() throws Exception {
    flip(shared.offset() + 20);
    List<String> rest = host.content(db).stream().filter(file -> !isLost(file)).toList();

    assertThatThrownBy(() -> host.restore(host.restoreRequest(db, Mode.REPLACE)))
        .isInstanceOf(RestoreFailed.class)
        .hasMessageContaining("all files from " + shared.first());
    RestoreRequest all = host.restoreRequest(db, Mode.REPLACE);
    host.restore(
        new RestoreRequest(
            db, all.paths(), all.mode(), true, true, all.trusted(), all.samePlace(), 2));
    assertThat(host.content(db)).isEqualTo(rest);
    assertThat(host.notes).contains("DAMAGED " + shared.first());
  }

  @Test
  void a_list_has_the_rest_and_says_what_is_missing() throws Exception {
    long all = list(new ArrayList<>());
    flip(shared.offset() + 20);
    List<InvalidArchive> lost = new ArrayList<>();

    assertThat(list(lost)).isEqualTo(all - shared.entries());
    assertThat(lost)
        .singleElement()
        .asString()
        .contains("all files from %s to just before %s are lost".formatted(shared.first(), behind));
  }

  private long list(List<InvalidArchive> lost) {
    Browsing browsing = new Browsing(host.repository, new Whose(host.hostName, false), _ -> {});
    try (BackupTree tree = browsing.open(BackupPath.parse("db:", host.clock))) {
      List<Object> files = new ArrayList<>();
      Browsing.list(tree, TreePath.ROOT, true, lost::add).forEachRemaining(files::add);
      return files.size();
    }
  }

  @Test
  void a_lost_object_costs_only_what_is_in_it() throws Exception {
    host.store.delete(full.own().name());
    host.write(db, "d1/in/f005", "new");
    host.save(db);

    assertThat(verifyLast().findings()).isEmpty();
    assertThat(Files.exists(host.data(db).resolve("d1/in/f005"))).isTrue();
  }

  @Test
  void a_bad_root_costs_the_backups_that_have_it_alone() throws Exception {
    flip(full.own().size().bytes() - 40);
    Check check = host.verify(host.repository, host.repository.list(db).backups().getFirst());

    assertThat(check.findings()).singleElement().asString().contains("in its index");
    assertThat(host.repository.list(db).backups())
        .extracting(backup -> backup.checks().damaged())
        .containsExactly(true, false, false);
    host.write(db, "d1/in/f005", "new");
    assertThat(host.save(db).stored().bytes()).isLessThan(full.own().size().bytes() / 4);
    assertThat(host.notes).noneMatch(note -> note.startsWith("warning"));
    assertThat(verifyLast().findings()).isEmpty();
  }
}
