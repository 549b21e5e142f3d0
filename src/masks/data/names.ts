/** Common names of several languages, put together for surrogates: no pair of them is meant to be anybody. */

/** Given names, one word each. */
export const FIRST_NAMES: readonly string[] = [
  "Aaliyah Aaron Abebe Adam Adaeze Adriana Agnieszka Ahmed Aiko Aisha Akira Alba Alejandro Alice Alisha",
  "Alma Amara Amelia Amina Amir Ana Anders Andrea Andrew Anita Anna Antonio Anya Arjun Arthur Asha Astrid",
  "Aurora Ayesha Barbara Beatriz Ben Bilal Bianca Björn Bogdan Brian Camila Carlos Carmen Caroline",
  "Catherine Chen Chiara Chidi Chiyo Chloe Christine Clara Claudia Connor Dana Daniel Daria Darius David",
  "Deepika Denise Diego Dimitri Dolores Dominik Doris Eduardo Elena Eleni Elias Elif Ella Emeka Emil Emma",
  "Enrique Erik Esther Ethan Eva Fatima Felix Fernanda Fiona Florian Francesca Frank Frida Gabriel Georgia",
  "Gerald Giulia Grace Greta Guillermo Hana Hannah Haruto Hassan Heidi Helena Henrik Hiroshi Hugo Ibrahim",
  "Ilse Imani Ines Ingrid Irene Isaac Isabel Ivan Jakub Jamal James Jan Jana Jasmine Javier Jin Joanna",
  "Johan Jorge Joseph Juan Julia Jun Kaito Kamala Karim Karin Kateryna Keiko Kenji Kevin Khadija Kofi",
  "Kwame Lakshmi Lars Laura Layla Leila Leo Li Lina Linh Lucas Lucia Lukas Mads Maja Malik Marcus Maria",
  "Marta Martin Mateo Matilda Mei Mehmet Michael Miguel Mila Min Mira Mohamed Monika Nadia Naomi Natalia",
  "Nathan Nikolai Nina Nkechi Noah Noor Olga Oliver Olivia Omar Oscar Pablo Patricia Paul Pavel Pedro",
  "Petra Priya Rachel Rafael Rahul Ravi Renata Ricardo Robert Rosa Ruth Ryo Sakura Samir Samuel Sandra",
  "Sara Sebastian Selma Sergei Simone Sofia Soren Stefan Sunita Susan Svetlana Tariq Tatiana Thandi Theo",
  "Thomas Tomasz Uma Valentina Vera Victor Vikram Wei Wanjiru William Yasmin Yuki Yusuf Zainab Zara Zofia",
  "Zuzana",
].flatMap((line) => line.split(" "));

/** Family names, one word each. */
export const LAST_NAMES: readonly string[] = [
  "Abbott Abdullah Acosta Adebayo Adeyemi Aguilar Ahmed Akhtar Alvarez Andersen Andersson Aoki Appiah",
  "Araújo Arslan Bailey Bakker Banerjee Barros Bauer Becker Benali Bennett Berg Bianchi Bjork Boateng",
  "Bondarenko Bosch Braun Brooks Brown Campos Cardoso Carter Castillo Castro Chang Chavez Chen Choi Clarke",
  "Cohen Coleman Colombo Conti Cooper Costa Cruz Dahl Das Davies Demir Dhillon Diallo Diaz Dimitrov Dubois",
  "Duarte Edwards Eriksen Eriksson Espinoza Evans Farah Fernandes Ferrari Fischer Flores Fontaine Foster",
  "Fraser Fujita Garcia Gill Gomez Gonzalez Grant Greco Green Gruber Gupta Haddad Hall Hamid Hansen Harris",
  "Hashimoto Hayes Hernandez Hill Ho Hoffmann Holm Horvat Huang Hughes Hussein Ibarra Ilves Inoue Iqbal",
  "Ito Ivanova Jackson Jankowski Jensen Jimenez Johansson Johnson Jones Joshi Kaminski Kapoor Kariuki Kato",
  "Kaur Kaya Keller Kelly Khan Kim Kobayashi Koch Kovacs Kowalski Kozlov Kumar Lam Larsen Laurent Lee",
  "Lehmann Lewis Lim Lindqvist Lopez Luna Madsen Mahmoud Malik Marino Marques Martin Matsumoto Mbeki Mehta",
  "Mendes Mensah Meyer Mitchell Molina Moreau Moreno Morgan Mori Murphy Mwangi Nagy Nair Nakamura Navarro",
  "Ndiaye Nelson Nguyen Nielsen Nikolaidis Nkosi Novak Nowak Nwosu Okafor Okeke Olsen Oliveira Omondi",
  "Ortiz Osman Otieno Owens Park Parker Patel Pereira Perez Petersen Petrov Pham Phillips Popescu Price",
  "Quinn Rahman Ramirez Rao Reddy Reid Reyes Ribeiro Richter Rivera Roberts Rojas Romano Rossi Russo Saito",
  "Salazar Saleh Santos Sato Schmidt Schneider Schröder Scott Sharma Shevchenko Silva Singh Smith Sokolov",
  "Soto Stewart Suzuki Svensson Takahashi Tanaka Taylor Thompson Torres Tran Turner Usman Vargas Vasquez",
  "Vega Virtanen Vogel Wagner Walker Wang Watanabe Weber White Williams Wilson Wong Wright Yamamoto Yang",
  "Yildiz Young Zhang Zhou Zimmermann",
].flatMap((line) => line.split(" "));
