package dev.keg.driver;

import java.util.List;

/** A driver that can list what a server offers. */
public interface Discovers {
  /** What can be a volume, by name, as far as the server tells it to whoever runs this. */
  List<Offer> discover(String host);

  /**
   * Something that can be a volume.
   *
   * @param option what {@code -o} takes for it
   */
  record Offer(String name, String option, String description) {}
}
