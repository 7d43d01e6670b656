package dev.keg.cli.option;

import dev.keg.age.AgeException;
import dev.keg.age.PublicKey;
import dev.keg.backup.retention.Age;
import dev.keg.backup.retention.RetentionPolicy;
import dev.keg.cli.output.report.MaintenanceUnits;
import dev.keg.error.VolumeException;
import dev.keg.tree.TreePath;
import dev.keg.volume.FilterArguments;
import dev.keg.volume.Labels;
import dev.keg.volume.PoolName;
import dev.keg.volume.Size;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Option values that core checks while the flags are parsed, so that the message names the flag.
 */
public final class Converters {
  private Converters() {}

  /** A label, unchanged. */
  public static final class Label implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      return checked(value, () -> Labels.parse(List.of(value)));
    }
  }

  /** A filter, unchanged. */
  public static final class Filter implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      return checked(value, () -> FilterArguments.parse(List.of(value)));
    }
  }

  /** The name of a pool. */
  public static final class Pool implements ITypeConverter<PoolName> {
    @Override
    public PoolName convert(String value) {
      return new PoolName(
          checked(
              value,
              () -> {
                var _ = new PoolName(value);
              }));
    }
  }

  /** Permission bits in octal. */
  public static final class Mode implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (!value.matches("0*[0-7]{1,4}")) {
        throw new TypeConversionException("must be an octal mode such as 0750");
      }
      return Integer.parseInt(value, 8);
    }
  }

  /** A file's name, unchanged. */
  public static final class FileName implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (value.isEmpty()) {
        throw new TypeConversionException("must not be empty");
      }
      return value;
    }
  }

  /** A pattern of names, unchanged. */
  public static final class Glob implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (value.replace("/", "").isEmpty()) {
        throw new TypeConversionException("must match something");
      }
      return value;
    }
  }

  /** A path in a volume; a leading slash has no meaning. */
  public static final class PathInTree implements ITypeConverter<TreePath> {
    @Override
    public TreePath convert(String value) {
      if (value.matches("/+")) {
        throw new TypeConversionException(
            "must not be the whole volume; leave --path out for that");
      }
      try {
        return TreePath.parse(value.replaceAll("^/+(?=.)", ""));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("must be a path in the volume: " + e.getMessage());
      }
    }
  }

  /** A compression level. */
  public static final class Level implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (!value.matches("1?\\d") || value.equals("0")) {
        throw new TypeConversionException("must be a number from 1 to 19");
      }
      return Integer.parseInt(value);
    }
  }

  /** Words separated by commas, unchanged. */
  public static final class Tags implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (List.of(value.split(",", -1)).contains("")) {
        throw new TypeConversionException("a tag must not be empty");
      }
      if (value.chars().anyMatch(Character::isISOControl)) {
        throw new TypeConversionException("a tag must not contain control characters");
      }
      return value;
    }
  }

  /** A number, or all. */
  public static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      try {
        return RetentionPolicy.parseCount(value);
      } catch (VolumeException e) {
        throw refused(e);
      }
    }
  }

  /** A percentage below 100. */
  public static final class Percent implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (!value.matches("\\d{1,2}%?")) {
        throw new TypeConversionException("must be a percentage from 0% to 99%");
      }
      return Integer.parseInt(value.replace("%", ""));
    }
  }

  /** A public key of age. */
  public static final class AgeKey implements ITypeConverter<PublicKey> {
    @Override
    public PublicKey convert(String value) {
      try {
        return PublicKey.parse(value);
      } catch (AgeException _) {
        throw new TypeConversionException("must be a public key as age-keygen prints it: age1…");
      }
    }
  }

  /** A number of bytes. */
  public static final class ByteCount implements ITypeConverter<Size> {
    @Override
    public Size convert(String value) {
      try {
        return Size.parseBinary(value);
      } catch (VolumeException e) {
        throw refused(e);
      }
    }
  }

  /** A number of seconds. */
  public static final class Seconds implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      if (!value.matches("0*[1-9]\\d{0,5}s?")) {
        throw new TypeConversionException("must be a number of seconds, at least 1");
      }
      return Duration.ofSeconds(Integer.parseInt(value.replace("s", "")));
    }
  }

  /** The scheduler that runs the maintenance of a machine. */
  public static final class Units implements ITypeConverter<MaintenanceUnits> {
    @Override
    public MaintenanceUnits convert(String value) {
      return switch (value) {
        case "systemd" -> MaintenanceUnits.SYSTEMD;
        case "cron" -> MaintenanceUnits.CRON;
        default -> throw new TypeConversionException("must be systemd or cron");
      };
    }
  }

  /** A period of the calendar. */
  public static final class AgeText implements ITypeConverter<Age> {
    @Override
    public Age convert(String value) {
      try {
        return Age.parse(value);
      } catch (VolumeException e) {
        throw refused(e);
      }
    }
  }

  private static String checked(String value, Runnable check) {
    try {
      check.run();
      return value;
    } catch (VolumeException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  private static TypeConversionException refused(VolumeException why) {
    return new TypeConversionException(
        why.getMessage() + why.hint().map(hint -> "; " + hint).orElse(""));
  }
}
