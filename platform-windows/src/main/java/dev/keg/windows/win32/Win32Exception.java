package dev.keg.windows.win32;

/**
 * A call into Windows that failed. Only drivers see it, and they say what it means for a volume.
 */
public final class Win32Exception extends Exception {
  private final String call;
  private final String target;
  private final Cause cause;

  /** An error code and what it means here. */
  record Cause(int code, String words) {}

  /** The target is what the call was about, usually a path. */
  public Win32Exception(String call, String target, int code) {
    this(call, target, new Cause(code, Win32Error.message(code)));
  }

  Win32Exception(String call, String target, Cause cause) {
    super(call + " " + target + ": " + cause.words());
    this.call = call;
    this.target = target;
    this.cause = cause;
  }

  public String call() {
    return call;
  }

  /** A Win32 error code, or an HRESULT where the call gives one. */
  public int code() {
    return cause.code();
  }

  /** What went wrong and with what, in words. */
  public String what() {
    return call + " " + target + ": " + cause.words();
  }
}
