// Sets a chosen theme before the first paint, so that a dark page never flashes white. The page's own code is a
// module and would come too late; an inline script is forbidden by the content security policy.
try {
  const theme = localStorage.getItem('holdfast-theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme it is.
}
