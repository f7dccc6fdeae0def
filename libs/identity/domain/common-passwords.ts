const lines = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean));

/** What people take when twelve characters are asked for: keyboards, names of things, the well-known example. Lower case. */
export const COMMON_PASSWORDS = lines(`
  123456789012 1234567890123 12345678901234 123456789101112 012345678901 987654321098 098765432109 102030405060
  correcthorsebatterystaple qwertyuiopasdf qwertyuiopasdfghjkl qwertyuiop123 qwerty123456 qwerty12345678 1qaz2wsx3edc
  1qaz2wsx3edc4rfv zaq12wsxcde3 qazwsxedcrfv asdfghjklqwerty asdfghjkl123 zxcvbnm12345 abcdefghijkl abcdefghijklm
  abcdefghijklmnop abcdefghijklmnopqrstuvwxyz abc123abc123 a1b2c3d4e5f6 q1w2e3r4t5y6 1q2w3e4r5t6y administrator
  administrator1 adminadmin123 changeme1234 changemenow1 changethispassword letmeinplease letmeinletmein welcome12345
  welcome123456 welcometowork passwordpassword password12345 password123456 password1234567 p@ssw0rd1234 p@ssword1234
  passw0rd1234 mypassword123 mypassword1234 thisismypassword iloveyou1234 iloveyouforever iloveyousomuch
  liverpoolfc1 manchesterunited manchestercity arsenalfc1234 chelseafc1234 tottenhamhotspur englandengland
  unitedkingdom londonlondon summer2018!! winter2018!! spring2018!! autumn2018!! summerholiday winterwinter
  localauthority councilcouncil citycouncil1 countycouncil boroughcouncil socialworker socialwork123 childrensservices
  earlyyears123 financeteam1 financefinance monday123456 january123456 trustno1trustno1 sunshine1234 princess1234
  football1234 monkey123456 dragon123456 superman1234 batman123456 starwars1234 pokemon12345 computer1234
  michael12345 charlie12345 jordan123456 shadow123456 master123456 killer123456 whatever1234 freedom12345`);

/** Nothing but one of these with numbers or signs before or after is one of the list too. */
export const COMMON_WORDS = lines(`
  password passwd passwort pass secret qwerty qwertyuiop asdf asdfgh asdfghjkl zxcvbnm letmein welcome changeme change
  admin administrator root user test tester testing guest login signin access master monkey dragon football baseball
  iloveyou princess sunshine shadow superman batman starwars hello freedom whatever trustno liverpool arsenal chelsea
  everton england london summer winter spring autumn monday friday january december council finance invoice claim claims
  programme abc abcd abcdef abcdefgh computer internet samsung google facebook charlie michael jordan thomas daniel
  jessica ashley nicole default demo temp temporary office work home`);
