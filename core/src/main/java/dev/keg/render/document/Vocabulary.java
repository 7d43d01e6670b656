package dev.keg.render.document;

import dev.keg.error.DriverException.NotSupported;
import dev.keg.mountspec.Access;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Recursion;
import java.util.Arrays;
import java.util.Set;

/** The kinds of access that a document can express besides {@code ro}. */
public record Vocabulary(String document, Set<Word> words) {
  public enum Word {
    RESTRICTION,
    PROPAGATION,
    RECURSION,
    RELABEL,
    ID_MAP
  }

  public Vocabulary {
    words = Set.copyOf(words);
  }

  public static Vocabulary of(String document, Word... words) {
    return new Vocabulary(document, Set.copyOf(Arrays.asList(words)));
  }

  /** Refuses a part whose access the document cannot express. */
  public void check(Part part) {
    Access access = part.access();
    require(
        part,
        Word.RESTRICTION,
        access.restrictions().isEmpty(),
        "noexec, nosuid, nodev or noatime");
    require(
        part,
        Word.PROPAGATION,
        access.propagation() == Propagation.RPRIVATE,
        "the propagation " + access.propagation().word());
    require(
        part,
        Word.RECURSION,
        access.recursion() == Recursion.ENABLED,
        "recursive " + access.recursion().word());
    require(part, Word.RELABEL, access.relabel().isEmpty(), "an SELinux label");
    require(part, Word.ID_MAP, access.idMap().isEmpty(), "an idmap");
  }

  private void require(Part part, Word word, boolean unasked, String what) {
    if (!unasked && !words.contains(word)) {
      throw refused(part, document + " cannot express " + what);
    }
  }

  /** The error for a part that this document cannot express. */
  public NotSupported refused(Part part, String why) {
    return new NotSupported("render " + document, part.subject(), why);
  }
}
