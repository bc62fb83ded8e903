/** The page on which operators enter their password. */
export const LOGIN_PAGE = `<!doctype html>
<html lang="en">
  <title>Shop: log in</title>
  <form method="post" action="/login">
    <label>Password of the operators <input type="password" name="password" autofocus /></label>
    <button>Log in</button>
  </form>
</html>
`;
