package dev.keg.backup.restore;

import dev.keg.backup.archive.Verification;
import dev.keg.backup.archive.frame.FrameRef;
import dev.keg.backup.archive.index.IndexRoot;
import dev.keg.backup.repository.DamagedObject;
import dev.keg.backup.store.ObjectName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is wrong with a backup: in words, and by object and frame or index page. */
final class Diagnosis {
  private final List<String> findings = new ArrayList<>();
  private final Set<ObjectName> lost = new TreeSet<>();
  private final Map<ObjectName, SortedSet<Long>> places = new TreeMap<>();

  /** The object as a whole is of no use. */
  void lost(ObjectName object, String finding) {
    findings.add(finding);
    lost.add(object);
  }

  /** What begins there is of no use. */
  void bad(ObjectName object, long offset, String finding) {
    findings.add(finding);
    places.computeIfAbsent(object, _ -> new TreeSet<>()).add(offset);
  }

  /**
   * What was found in an archive; its own object is of no use if that is more than bad frames and
   * index pages.
   */
  void add(ObjectName own, Verification.Result result) {
    findings.addAll(words(result));
    boolean located = result.located();
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
