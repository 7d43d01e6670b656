package dev.keg.cli.help;

import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A topic of {@code keg help} other than a command. */
public enum Topic {
  BACKUP,
  EXIT_STATUS,
  FILTERS,
  POLICIES,
  TEMPLATES;

  /** Its name in commands. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Optional<Topic> of(String word) {
    return Arrays.stream(values()).filter(topic -> topic.word().equals(word)).findFirst();
  }

  public String text() {
    return HelpFile.read(open());
  }

  // Constant names let the native image find the resources.
  private @Nullable InputStream open() {
    return switch (this) {
      case BACKUP -> Topic.class.getResourceAsStream("backup.txt");
      case EXIT_STATUS -> Topic.class.getResourceAsStream("exit-status.txt");
      case FILTERS -> Topic.class.getResourceAsStream("filters.txt");
      case POLICIES -> Topic.class.getResourceAsStream("policies.txt");
      case TEMPLATES -> Topic.class.getResourceAsStream("templates.txt");
    };
  }
}
