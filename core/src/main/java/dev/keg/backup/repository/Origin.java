package dev.keg.backup.repository;

/** Where a backup was made and by which version of Keg. */
public record Origin(String host, String keg) {
  public Origin {
    if (host.isEmpty() || keg.isEmpty()) {
      throw new IllegalArgumentException("a backup comes from a host and a version of keg");
    }
  }
}
