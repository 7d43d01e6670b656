package dev.keg.mountspec;

import dev.keg.error.InvalidInput.InvalidSpec;
import dev.keg.mountspec.Access.Propagation;
import dev.keg.mountspec.Access.Restriction;
import dev.keg.mountspec.MountConfig.TmpfsPart;
import dev.keg.volume.GoSyntax;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of a tmpfs mount: docker's defaults, then the requested options. Of words that
 * exclude each other the last one wins. Words are {@code ro}, {@code noexec}, {@code noatime},
 * {@code rslave} and so on; values are {@code size=1m}, {@code mode=700}.
 */
record TmpfsOptions(
    boolean readOnly, Propagation propagation, Set<Restriction> restrictions, List<String> rest) {
  private static final List<String> DEFAULTS = List.of("noexec", "nosuid", "nodev", "rprivate");
  private static final Set<String> VALUES =
      Set.of("size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol");
  private static final Map<String, String> KINDS = kinds();

  private static Map<String, String> kinds() {
    Map<String, String> kinds = new HashMap<>();
    for (String word :
        List.of("exec", "suid", "dev", "atime", "diratime", "relatime", "strictatime", "mand")) {
      kinds.put(word, word);
      kinds.put("no" + word, word);
    }
    kinds.putAll(Map.of("ro", "ro", "rw", "ro", "sync", "sync", "async", "sync"));
    kinds.put("dirsync", "dirsync");
    for (Propagation propagation : Propagation.values()) {
      kinds.put(propagation.word(), "propagation");
    }
    return Map.copyOf(kinds);
  }

  TmpfsOptions {
    restrictions = Set.copyOf(restrictions);
    rest = List.copyOf(rest);
  }

  /** A tmpfs given as fields. */
  static TmpfsOptions of(MountConfig config) {
    List<String> words = new ArrayList<>(words(config.tmpfs(), config.readOnly()));
    words.addAll(config.extras().restrictions());
    return merge(words);
  }

  /** {@code ro,mode=700,size=1m,exec}, in docker's order. */
  static List<String> words(@Nullable TmpfsPart part, boolean readOnly) {
    List<String> words = new ArrayList<>();
    if (readOnly) {
      words.add("ro");
    }
    if (part == null) {
      return words;
    }
    if (part.mode() != 0) {
      words.add("mode=" + Integer.toOctalString(part.mode()));
    }
    if (part.sizeBytes() != 0) {
      words.add("size=" + size(part.sizeBytes()));
    }
    part.options().forEach(option -> words.add(word(option)));
    return words;
  }

  private static String size(long bytes) {
    if (bytes % (1L << 30) == 0) {
      return (bytes >> 30) + "g";
    }
    if (bytes % (1L << 20) == 0) {
      return (bytes >> 20) + "m";
    }
    return bytes % (1L << 10) == 0 ? (bytes >> 10) + "k" : Long.toString(bytes);
  }

  private static String word(List<String> option) {
    if (option.isEmpty() || option.size() > 2) {
      throw new InvalidSpec("invalid option array length");
    }
    if (!option.getFirst().equals("exec") && !option.getFirst().equals("noexec")) {
      throw new InvalidSpec("invalid option: " + option.getFirst());
    }
    return String.join("=", option);
  }

  /** The words after docker's defaults; refuses words that do not apply to a tmpfs. */
  static TmpfsOptions merge(List<String> words) {
    List<String> all = new ArrayList<>(DEFAULTS);
    all.addAll(words);
    Deque<String> kept = new ArrayDeque<>();
    Set<String> seen = new HashSet<>();
    for (String word : all.reversed()) {
      if (!word.equals("defaults") && seen.add(kind(word))) {
        kept.addFirst(word);
      }
    }
    return sort(kept);
  }

  /** The setting that the word changes; two words for one setting exclude each other. */
  private static String kind(String word) {
    int equals = word.indexOf('=');
    if (equals < 0) {
      String kind = KINDS.get(word);
      if (kind != null) {
        return kind;
      }
    } else if (VALUES.contains(word.substring(0, equals)) && equals + 1 < word.length()) {
      return word.substring(0, equals);
    }
    throw new InvalidSpec("invalid tmpfs option " + GoSyntax.quote(word));
  }

  private static TmpfsOptions sort(Iterable<String> words) {
    boolean readOnly = false;
    Propagation propagation = Propagation.RPRIVATE;
    Set<Restriction> restrictions = EnumSet.noneOf(Restriction.class);
    List<String> rest = new ArrayList<>();
    for (String word : words) {
      Optional<Propagation> found = Propagation.find(word);
      if (word.equals("ro") || word.equals("rw")) {
        readOnly = word.equals("ro");
      } else if (found.isPresent()) {
        propagation = found.get();
      } else if (Restriction.find(word).filter(Restriction.OF_TMPFS::contains).isPresent()) {
        restrictions.addAll(Restriction.apply(List.of(word), Set.of()));
      } else {
        rest.add(word);
      }
    }
    return new TmpfsOptions(readOnly, propagation, restrictions, rest);
  }

  MountSpec.Tmpfs at(String target, Access access) {
    return new MountSpec.Tmpfs(
        target, rest, access.withReadOnly(readOnly).with(propagation).with(restrictions));
  }
}
