package dev.keg.volume;

import java.util.regex.Pattern;

/** Passwords among mount options, as in docker's {@code o=user=a,password=b}. */
public final class Passwords {
  /** What stands for a secret wherever it is shown. */
  public static final String MASK = "********";

  private static final Pattern PASSWORD = Pattern.compile("(^|,)(password2?|pass)=[^,]*");

  private Passwords() {}

  /** Whether there is a password in the text. */
  public static boolean areIn(String text) {
    return PASSWORD.matcher(text).find();
  }

  /** The text with asterisks for passwords. */
  public static String masked(String text) {
    return PASSWORD.matcher(text).replaceAll("$1$2=" + MASK);
  }
}
