package dev.keg.backup.repository;

import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.store.ObjectName;
import dev.keg.backup.store.StoredObject;
import dev.keg.volume.VolumeName;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of a repository's objects; the package documentation shows the layout. */
final class RepositoryLayout {
  static final ObjectName DESCRIPTION = new ObjectName("repository.json");
  static final ObjectName UPGRADE = new ObjectName("upgrade.json");
  static final String BACKUPS = "backups/";
  static final String DATA = "data/";
  static final String KEYS = "keys/";
  static final String CHECKS = "checks/";
  static final String FORGOTTEN = "forgotten/";

  private static final String JSON = ".json";

  private static final Pattern INDEX = Pattern.compile("backups/[^/]+/([^/]+)\\.json");

  private static final Pattern DAMAGE = Pattern.compile("checks/([^/]+/[^/]+)/damage-[^/]+\\.json");

  private static final Pattern RENUNCIATION =
      Pattern.compile("checks/([^/]+/[^/]+)/forgotten-[^/]+\\.json");

  private RepositoryLayout() {}

  static ObjectName index(VolumeName volume, BackupId id) {
    return new ObjectName(BACKUPS + volume + "/" + id + ".json");
  }

  static Optional<BackupId> idOfIndex(ObjectName name) {
    Matcher parts = INDEX.matcher(name.text());
    return parts.matches() ? BackupId.lookup(parts.group(1)) : Optional.empty();
  }

  /**
   * @param suffix the object's type: {@code .tar.zst}
   */
  static ObjectName data(VolumeName volume, BackupId id, String suffix) {
    return new ObjectName(DATA + volume + "/" + id + suffix);
  }

  static String folder(ObjectName name) {
    return name.text().substring(0, name.text().lastIndexOf('/') + 1);
  }

  /** The part of the name after {@code data/} and before the object: the volume and a slash. */
  static String volumeFolder(ObjectName data) {
    return folder(data).substring(DATA.length());
  }

  static String checks(VolumeName volume, BackupId id) {
    return CHECKS + volume + "/" + id + "/";
  }

  static ObjectName check(VolumeName volume, BackupId id, Check check) {
    return new ObjectName(
        "%s%s-%s-%s%s"
            .formatted(
                checks(volume, id),
                Stamp.of(check.time()),
                check.level(),
                check.good() ? "good" : "bad",
                JSON));
  }

  /** The same name with a seal before its suffix. */
  static ObjectName sealed(ObjectName name, String seal) {
    String text = name.text();
    return seal.isEmpty()
        ? name
        : new ObjectName(text.substring(0, text.length() - JSON.length()) + "-" + seal + JSON);
  }

  /** A note of the object's damage, beside the checks of the volume that it belongs to. */
  static ObjectName damage(ObjectName object, Instant now, RandomGenerator random) {
    return new ObjectName(
        "%s%s%s/damage-%s.json"
            .formatted(CHECKS, volumeFolder(object), Rest.id(object), unique(now, random)));
  }

  static boolean isDamage(StoredObject object) {
    return DAMAGE.matcher(object.name().text()).matches();
  }

  /** The data object of such a note, without the suffix, which only the note's content has. */
  static ObjectName objectOfDamage(ObjectName note) {
    Matcher parts = DAMAGE.matcher(note.text());
    if (!parts.matches()) {
      throw new IllegalArgumentException(note + " is not a record of damage");
    }
    return new ObjectName(DATA + parts.group(1));
  }

  /** A note that an unreadable index is forgotten, though a lock keeps it. */
  static ObjectName renunciation(ObjectName index, ObjectName tombstone) {
    String text = index.text();
    String backup = text.substring(BACKUPS.length(), text.length() - JSON.length());
    return new ObjectName(CHECKS + backup + "/forgotten-" + tombstone.last());
  }

  /** The index that such a note is about. */
  static Optional<ObjectName> renounced(ObjectName name) {
    Matcher parts = RENUNCIATION.matcher(name.text());
    return parts.matches()
        ? Optional.of(new ObjectName(BACKUPS + parts.group(1) + JSON))
        : Optional.empty();
  }

  static ObjectName tombstone(Instant now, RandomGenerator random) {
    return new ObjectName(FORGOTTEN + unique(now, random) + JSON);
  }

  /** A unique part of a name. */
  static String unique(Instant now, RandomGenerator random) {
    return Stamp.of(now) + "-" + HexFormat.of().toHexDigits(random.nextInt());
  }

  /** A second in UTC in the notation of names: {@code 20261120T105801Z}. */
  static final class Stamp {
    static final int LENGTH = 16;

    private static final DateTimeFormatter FORMAT =
        DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private Stamp() {}

    static String of(Instant time) {
      return FORMAT.format(time);
    }

    /** Without the formatter, since each name of a listing is parsed. */
    static Instant parse(String text) {
      if (text.length() == LENGTH && text.charAt(8) == 'T' && text.charAt(15) == 'Z') {
        try {
          return LocalDateTime.of(
                  number(text, 0, 4),
                  number(text, 4, 6),
                  number(text, 6, 8),
                  number(text, 9, 11),
                  number(text, 11, 13),
                  number(text, 13, 15))
              .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
          throw new IllegalArgumentException("no time: '" + text + "'", e);
        }
      }
      throw new IllegalArgumentException("no time: '" + text + "'");
    }

    private static int number(String text, int from, int to) {
      int number = 0;
      for (int i = from; i < to; i++) {
        char digit = text.charAt(i);
        if (digit < '0' || digit > '9') {
          throw new DateTimeException("not a digit: '" + digit + "'");
        }
        number = number * 10 + digit - '0';
      }
      return number;
    }
  }
}
