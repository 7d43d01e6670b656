package dev.keg.backup.restore;

import dev.keg.backup.archive.Verification;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.Footer;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.repository.DamagedObject;
import dev.keg.backup.repository.DataObject;
import dev.keg.backup.store.ObjectName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The damage of a backup: in words, and by object and frame or index page. */
final class Diagnosis {
  private final List<String> findings = new ArrayList<>();
  private final Set<ObjectName> lost = new TreeSet<>();
  private final Map<ObjectName, SortedSet<Long>> places = new TreeMap<>();
  private final Set<DataObject> missing = new LinkedHashSet<>();
  private final Set<FrameRef> frames = new LinkedHashSet<>();
  private final Set<IndexRoot.Page> pages = new LinkedHashSet<>();
  private boolean hasNoEnd;

  /** Records that the object is useless as a whole. */
  void lost(ObjectName object, String finding) {
    findings.add(finding);
    lost.add(object);
  }

  /** Records that the object is missing. */
  void missing(DataObject object) {
    lost(object.name(), object.name() + " is missing");
    missing.add(object);
  }

  /** Records that the end of the archive is unreadable, so that it has no index. */
  void endless(DataObject own, String finding) {
    findings.add(finding);
    hasNoEnd = true;
    places.computeIfAbsent(own.name(), _ -> new TreeSet<>()).add(end(own));
  }

  /** The offset of an archive's footer. */
  static long end(DataObject own) {
    return own.size().bytes() - Footer.SIZE;
  }

  /**
   * Adds the result for an archive; its own object is useless if there is more damage than bad
   * frames and index pages.
   */
  void add(ObjectName own, Verification.Result result) {
    findings.addAll(words(result));
    boolean located = result.located();
    frames.addAll(result.damaged());
    pages.addAll(result.pages());
    for (FrameRef frame : result.damaged()) {
      located &= isAdded(frame.object(), frame.offset());
    }
    for (IndexRoot.Page page : result.pages()) {
      located &= isAdded(page.object(), page.offset());
    }
    if (!located) {
      lost.add(own);
    }
  }

  private boolean isAdded(String object, long offset) {
    Optional<ObjectName> name = ObjectName.lookup(object);
    name.ifPresent(known -> places.computeIfAbsent(known, _ -> new TreeSet<>()).add(offset));
    return name.isPresent();
  }

  static List<String> words(Verification.Result result) {
    List<String> words = new ArrayList<>(result.findings());
    result.files().forEach(file -> words.add(file + " cannot be restored"));
    return words;
  }

  Set<DataObject> missing() {
    return missing;
  }

  Set<FrameRef> frames() {
    return frames;
  }

  Set<IndexRoot.Page> pages() {
    return pages;
  }

  boolean hasNoEnd() {
    return hasNoEnd;
  }

  List<String> findings() {
    return List.copyOf(findings);
  }

  List<DamagedObject> damages() {
    List<DamagedObject> damages = new ArrayList<>();
    lost.forEach(object -> damages.add(new DamagedObject(object, new TreeSet<>())));
    places.forEach(
        (object, offsets) -> {
          if (!lost.contains(object)) {
            damages.add(new DamagedObject(object, offsets));
          }
        });
    return damages;
  }
}
